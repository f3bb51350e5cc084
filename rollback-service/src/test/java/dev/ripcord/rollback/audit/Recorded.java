package dev.ripcord.rollback.audit;

import dev.ripcord.delivery.Inbox;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.VerificationEvent;
import java.util.List;
import java.util.random.RandomGenerator;

/** Events about rollbacks that never were, taken in and announced as the service does it. */
final class Recorded {

    private static final String[] TEXTS = {
        "",
        "x",
        "two\nlines \"quoted\" \\u0000",
        "zero \u0000 in it",
        "Grüße, 数据库 \ud83d\ude80",
        "\u202e\u2028",
        "3:abc,",
        "-,"
    };

    private final Tasks tasks;
    private final Inbox inbox;
    private final RandomGenerator random;

    Recorded(Tasks tasks, Inbox inbox, RandomGenerator random) {
        this.tasks = tasks;
        this.inbox = inbox;
        this.random = random;
    }

    /** About this many records, in transactions of random size. */
    void some(int count) {
        int left = count;
        while (left > 0) {
            if (random.nextInt(4) == 0) {
                inbox.accept(Envelope.of("/test", heard()));
                left--;
            } else {
                int together = 1 + random.nextInt(12);
                tasks.record(ledger -> {
                    for (int i = 0; i < together; i++) ledger.announce(said());
                    return together;
                });
                left -= together;
            }
        }
    }

    /** Without the character 0, which the inbox refuses. */
    private RipcordEvent heard() {
        String text = text().replace("\u0000", "");
        return switch (random.nextInt(3)) {
            case 0 -> new RollbackRequestEvent.Rejected("nowhere", id(), text, "ann");
            case 1 -> new RestoreEvent.Failed("nowhere", id() + "/count", "s", text);
            default ->
                new VerificationEvent.Failed(
                        "nowhere",
                        "v",
                        id(),
                        List.of(new VerificationEvent.CheckResult(
                                "rows",
                                VerificationEvent.Verdict.failed,
                                random.nextInt(9),
                                List.of(new VerificationEvent.Finding(text, "1", "2")))));
        };
    }

    private RipcordEvent said() {
        return random.nextBoolean()
                ? new RollbackEvent.Step("nowhere", id(), "step", random.nextLong(1000), text())
                : new RollbackOutcomeEvent.Refused("nowhere", id(), text(), text());
    }

    private String id() {
        return "never-" + random.nextInt(20);
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)] + Long.toHexString(random.nextLong());
    }
}
