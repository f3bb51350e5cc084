package dev.ripcord.databases;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses in {@code databases.yaml} that are called by HTTP: one without a host would fail whenever it is needed. */
final class Addresses {

    private static final String NO_HOST =
            " has no host that can be called: a host name has letters, digits, dots and hyphens, and no underscore";

    private final YamlLines lines;
    private final List<String> problems = new ArrayList<>();

    private Addresses(YamlLines lines) {
        this.lines = lines;
    }

    /** What is wrong with those of a database, which stands at this place in the file. */
    static List<String> problems(YamlLines lines, String at, EnrolledDatabase database) {
        Addresses addresses = new Addresses(lines);
        EnrolledDatabase.Checks checks = database.checks();
        for (int i = 0; i < checks.http().size(); i++) {
            EnrolledDatabase.HttpCheck check = checks.http().get(i);
            addresses.look(at + "/checks/http/" + i + "/url", "the address of " + check.name(), check.url());
        }
        for (int i = 0; i < checks.promql().size(); i++) {
            EnrolledDatabase.MetricCheck check = checks.promql().get(i);
            addresses.look(
                    at + "/checks/promql/" + i + "/prometheus", "the address of " + check.name(), check.prometheus());
        }
        EnrolledDatabase.Hooks hooks = database.hooks();
        addresses.look(at + "/hooks/maintenanceOn", "it", hooks.maintenanceOn());
        addresses.look(at + "/hooks/maintenanceOff", "it", hooks.maintenanceOff());
        addresses.look(at + "/hooks/restart", "it", hooks.restart());
        EnrolledDatabase.SecondServer second = database.secondServer();
        if (second != null) addresses.look(at + "/secondServer/cutOver", "it", second.cutOver());
        switch (database.delivery().hold()) {
            case DeliverySystem.ArgoCd argo -> addresses.look(at + "/delivery/hold/server", "it", argo.server());
            case DeliverySystem.Http http -> {
                addresses.look(at + "/delivery/hold/pause", "it", http.pause());
                addresses.look(at + "/delivery/hold/resume", "it", http.resume());
            }
            case null -> {}
        }
        return addresses.problems;
    }

    /** What is wrong with that of a channel, where it is not a secret. */
    static List<String> problems(YamlLines lines, String at, Channel channel) {
        Addresses addresses = new Addresses(lines);
        addresses.look(
                at + "/address",
                "it",
                switch (channel) {
                    case Channel.SlackBot bot -> bot.address();
                    case Channel.PagerDuty pager -> pager.address();
                    case Channel.PublicPage page -> page.address();
                    case Channel.Slack _, Channel.Webhook _, Channel.Teams _, Channel.Mail _ -> null;
                });
        return addresses.problems;
    }

    /** The address itself is not told: it may hold a password. */
    private void look(String place, String name, @Nullable URI address) {
        if (address != null && address.getHost() == null) problems.add(lines.problem(place, name + NO_HOST));
    }
}
