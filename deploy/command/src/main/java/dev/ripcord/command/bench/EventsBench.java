package dev.ripcord.command.bench;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** How soon a service answers an event, and how many it answers in a second. */
final class EventsBench {

    /** A burst that is so many times smaller comes first and does not count. */
    private static final int WARM_UP = 5;

    private static final long PATIENCE_SECONDS = 120;

    private final Service service;
    private final Exchange exchange;
    private final KafkaBinding binding = new KafkaBinding(Topic.DEFAULT_PREFIX);
    private final Semaphore answers = new Semaphore(0);
    private volatile Instant lastHeard = Instant.EPOCH;
    private int asked;

    private EventsBench(Service service, Exchange exchange) {
        this.service = service;
        this.exchange = exchange;
    }

    /**
     * How many events.
     *
     * @param oneByOne each asked when the one before is answered
     * @param burst all at a time
     */
    record Amount(int oneByOne, int burst) {}

    /**
     * What a service came to.
     *
     * @param latency of each event, in milliseconds
     */
    record Measured(Series latency, double perSecond) {}

    static Measured measure(Stack stack, Service service, String enrolled, Amount amount) {
        EventsBench bench = new EventsBench(service, Exchange.with(service, enrolled));
        try (EventStream events = EventStream.follow(stack.bootstrapServers(), bench::heard);
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", stack.bootstrapServers(), "acks", "all", "linger.ms", "0"),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            bench.millis(producer, amount.burst() / WARM_UP);
            Series latency = new Series();
            for (int i = 0; i < amount.oneByOne(); i++) latency.add(bench.millis(producer, 1));
            return new Measured(latency, amount.burst() * 1000 / bench.millis(producer, amount.burst()));
        }
    }

    private void heard(EventStream.Seen seen) {
        if (!exchange.answer().test(seen.envelope().event())) return;
        lastHeard = seen.at();
        answers.release();
    }

    /** Until so many that are asked at a time are answered. */
    private double millis(KafkaProducer<String, byte[]> producer, int number) {
        List<ProducerRecord<String, byte[]>> questions =
                Stream.generate(this::question).limit(number).toList();
        Instant began = Instant.now();
        questions.forEach(producer::send);
        try {
            if (!answers.tryAcquire(number, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new CommandFailedException(service.title() + " answered only " + answers.availablePermits()
                        + " of " + number + " events within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted");
        }
        return Duration.between(began, lastHeard).toNanos() / 1e6;
    }

    private ProducerRecord<String, byte[]> question() {
        String id = "bench-" + service.title() + "-" + asked++;
        return binding.write(Envelope.of("/ripcord/command", exchange.question().apply(id)));
    }
}
