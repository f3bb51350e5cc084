package dev.ripcord.rollback.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Checks;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.HttpCheck;
import dev.ripcord.databases.Secret;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.Plan;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Changed;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

    @ParameterizedTest(name = "with a check of {0} s, built anew: {1}")
    @CsvSource({"10, false, 120", "60, false, 120", "300, false, 360", "10, true, 360", "600, true, 660"})
    void the_verifier_is_waited_for_longer_where_what_is_configured_or_built_takes_longer(
            int checkSeconds, boolean built, long limit) {
        Optional<EnrolledDatabase> shop = Optional.of(shop(checkSeconds));

        assertThat(Verdict.of(waiting(limit - 5), shop, built)).isInstanceOf(Verdict.Awaited.class);
        assertThat(Verdict.of(waiting(limit + 5), shop, built))
                .isEqualTo(new Verdict.NotPassed("the verifier did not answer within " + limit + " s"));
    }

    @Test
    void of_a_database_that_is_not_enrolled_any_more_the_answer_is_not_waited_for_for_ever() {
        assertThat(Verdict.of(waiting(115), Optional.empty(), true)).isInstanceOf(Verdict.Awaited.class);
        assertThat(Verdict.of(waiting(125), Optional.empty(), true)).isInstanceOf(Verdict.NotPassed.class);
    }

    @Test
    void an_answer_that_came_counts_however_late_it_is_read() {
        Envelope<?> passed =
                Envelope.of("/test", new VerificationEvent.Passed("shop", Telling.verification("r1"), "r1", List.of()));

        assertThat(Verdict.of(waiting(10_000, passed), Optional.of(shop(10)), false))
                .isEqualTo(new Verdict.Passed(0));
    }

    private static Task<RollbackState> waiting(long seconds, Envelope<?>... mail) {
        Request request = new Request("r1", "shop", null, null, null, "why", "ann", null);
        Plan plan = new Plan("schema", "s1", Instant.EPOCH, true, true, List.of(), 1, "automatic", null, "h");
        Instant since = Instant.now().minus(Duration.ofSeconds(seconds));
        Changed changed = new Changed(request, plan, "s2", List.of(), List.of());
        return new Task<>("rollback", "r1", "shop", changed, 1, 0, since, since, List.of(mail));
    }

    private static EnrolledDatabase shop(int checkSeconds) {
        EnrolledDatabase.Role role = new EnrolledDatabase.Role("r", new Secret("NONE", null));
        HttpCheck check = new HttpCheck("alive", URI.create("http://localhost"), 200, checkSeconds);
        return new EnrolledDatabase(
                "shop",
                Environment.production,
                new EnrolledDatabase.Server("nowhere", 0, "shop", null, "", null, null),
                new EnrolledDatabase.Roles(role, role, role, null),
                new EnrolledDatabase.SnapshotPolicy(EnrolledDatabase.Form.clone, false, null, 0, 100),
                new EnrolledDatabase.RollbackPolicy(null, 0, 0, 2000, 0),
                null,
                new Checks(List.of(check), null, null),
                null);
    }
}
