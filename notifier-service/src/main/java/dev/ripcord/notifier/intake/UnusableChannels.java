package dev.ripcord.notifier.intake;

import dev.ripcord.databases.Channel;
import dev.ripcord.databases.Databases;
import dev.ripcord.notifier.delivery.Carrier;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Looks, at the start and each minute, whether every channel could be told something: nobody should find out in an emergency
 * that a secret is missing. The other channels are told whatever is found.
 */
@ApplicationScoped
class UnusableChannels {

    private static final Logger LOG = Logger.getLogger(UnusableChannels.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final Databases databases;
    private final List<Carrier<?>> carriers;
    private final Rounds rounds = new Rounds();
    private volatile Map<String, String> known = Map.of();

    UnusableChannels(Databases databases, @All List<Carrier<?>> carriers, MeterRegistry metrics) {
        this.databases = databases;
        this.carriers = carriers;
        metrics.gauge("ripcord.notification.channels.unusable", this, each -> each.known.size());
    }

    void start(@Observes StartupEvent event) {
        look();
        rounds.start("channels that cannot be used", EVERY, this::look);
    }

    void stop(@Observes ShutdownEvent event) {
        rounds.stop();
    }

    /** Says of each channel once what is wrong with it. */
    void look() {
        Map<String, String> found = new HashMap<>();
        for (Channel channel : databases.channels()) {
            String problems = carriers.stream()
                    .filter(carrier -> carrier.kind().isInstance(channel))
                    .findFirst()
                    .map(carrier -> String.join("; ", problems(carrier, channel)))
                    .orElse("");
            if (problems.isEmpty()) continue;
            found.put(channel.id(), problems);
            if (problems.equals(known.get(channel.id()))) continue;
            LOG.errorf(
                    "Channel %s (%s) can be told nothing: %s. Put that right; it is read at each use, nothing has to be restarted",
                    channel.id(), channel.kind(), problems);
        }
        for (String id : known.keySet()) {
            if (!found.containsKey(id)) LOG.infof("Channel %s can be used again", id);
        }
        known = Map.copyOf(found);
    }

    private static <C extends Channel> List<String> problems(Carrier<C> carrier, Channel channel) {
        return carrier.problems(carrier.kind().cast(channel));
    }
}
