package dev.ripcord.notifier.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Channel;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.Route;
import dev.ripcord.databases.Secret;
import dev.ripcord.notifier.message.Message;
import dev.ripcord.notifier.message.Message.Tone;
import dev.ripcord.notifier.message.Message.Weight;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterestTest {

    private static final Secret SECRET = new Secret("A", null);
    private static final List<Channel> CHANNELS = List.of(
            new Channel.Slack("slack", SECRET),
            new Channel.Webhook("webhook", SECRET, SECRET),
            new Channel.SlackBot("slackBot", SECRET, "C01", null),
            new Channel.PagerDuty("pagerduty", SECRET, null),
            new Channel.Cachet("cachet", SECRET, null, URI.create("https://status.example/api")));

    @ParameterizedTest(name = "{0} is heard in {3}")
    @CsvSource({
        "rollback.requested, attention, notice,  slack webhook slackBot",
        "rollback.started,   attention, notice,  slack webhook slackBot pagerduty cachet",
        "rollback.step,      news,      detail,  slackBot",
        "rollback.overdue,   alarm,     notice,  slack webhook slackBot pagerduty cachet",
        "rollback.completed, good,      outcome, slack webhook slackBot pagerduty cachet",
        "snapshot.failed,    alarm,     notice,  slack webhook slackBot pagerduty",
        "migration.started,  news,      change,  pagerduty",
        "rollback.step,      news,      closing, ''",
        "rollback.step,      news,      resumed, slackBot",
    })
    void where_a_route_says_nothing_a_channel_hears_what_is_usual(
            String event, Tone tone, Weight weight, String kinds) {
        assertThat(CHANNELS.stream()
                        .filter(channel -> in(event, tone, weight, Route.to(channel.id()), channel))
                        .map(Channel::id)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(kinds);
    }

    @ParameterizedTest(name = "whoever was told of {3} hears {0} in {4}")
    @CsvSource({
        "rollback.started,   attention, notice,  rollback.planned,    slackBot pagerduty",
        "rollback.started,   attention, notice,  rollback.step,       pagerduty",
        "rollback.moved,     good,      outcome, rollback.started,    pagerduty cachet",
        "rollback.refused,   attention, outcome, rollback.planned,    slackBot pagerduty cachet",
        "rollback.step,      news,      closing, rollback.planned,    slackBot pagerduty",
        "watch.completed,    good,      after,   watch.regressed,     pagerduty",
        "watch.completed,    alarm,     after,   rollback.planned,    ''",
        "rollback.overdue,   alarm,     notice,  rollback.started,    ''",
        "rollback.step,      news,      resumed, rollback.delivery-held, pagerduty",
        "rollback.step,      news,      resumed, rollback.failed,     ''",
    })
    void what_was_opened_is_ended_whatever_the_routes_ask_for(
            String event, Tone tone, Weight weight, String told, String kinds) {
        Message message = message(event, tone, weight);
        assertThat(CHANNELS.stream()
                        .filter(channel -> Interest.ends(message) && Interest.ends(message, channel, told))
                        .map(Channel::id)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(kinds);
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource({
        "rollback.planned,   alarm,     notice,  pagerduty",
        "rollback.overdue,   alarm,     notice,  pagerduty",
        "rollback.started,   attention, notice,  ''",
        "rollback.failed,    alarm,     outcome, ''",
        "watch.regressed,    alarm,     after,   ''",
        "rollback.delivery-held, alarm, notice,  ''",
    })
    void after_the_end_nobody_is_paged_for_what_was_before(String event, Tone tone, Weight weight, String kinds) {
        assertThat(CHANNELS.stream()
                        .filter(channel -> Interest.onlyMeanwhile(message(event, tone, weight), channel))
                        .map(Channel::id)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(kinds);
    }

    @Test
    void a_route_that_names_events_is_for_these_and_no_others() {
        Channel slack = CHANNELS.getFirst();
        Route steps = new Route("slack", List.of("rollback.step"), null, null);
        assertThat(in("rollback.step", Tone.news, Weight.detail, steps, slack)).isTrue();
        assertThat(in("rollback.completed", Tone.good, Weight.outcome, steps, slack))
                .isFalse();
    }

    @Test
    void a_route_for_alarms_lets_nothing_else_pass() {
        Channel slack = CHANNELS.getFirst();
        Route alarms = new Route("slack", null, null, List.of("alarm"));
        assertThat(in("rollback.failed", Tone.alarm, Weight.outcome, alarms, slack))
                .isTrue();
        assertThat(in("rollback.completed", Tone.good, Weight.outcome, alarms, slack))
                .isFalse();
    }

    @Test
    void a_route_of_another_environment_lets_nothing_pass() {
        Route staging = new Route("slack", null, List.of(Environment.staging), null);
        assertThat(in("rollback.failed", Tone.alarm, Weight.outcome, staging, CHANNELS.getFirst()))
                .isFalse();
    }

    @Test
    void the_public_never_hears_more_than_that_a_database_is_away_and_back() {
        Route asking = new Route("cachet", List.of("snapshot.failed", "rollback.requested"), null, null);
        assertThat(in("snapshot.failed", Tone.alarm, Weight.notice, asking, CHANNELS.getLast()))
                .isFalse();
        assertThat(in("rollback.requested", Tone.attention, Weight.notice, asking, CHANNELS.getLast()))
                .isFalse();
    }

    private static boolean in(String event, Tone tone, Weight weight, Route route, Channel channel) {
        return Interest.in(message(event, tone, weight), Environment.production, route, channel);
    }

    private static Message message(String event, Tone tone, Weight weight) {
        return new Message(event, "shop", "r1", tone, weight, "headline", List.of(), null);
    }
}
