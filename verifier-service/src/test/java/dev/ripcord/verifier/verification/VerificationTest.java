package dev.ripcord.verifier.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.Secret;
import dev.ripcord.databases.StandbyException;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.VerificationState.Requested;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A server that is away while its database is verified. */
class VerificationTest {

    private static final DatabaseFailure AWAY = new DatabaseFailure("connection refused");

    @Test
    void a_check_that_the_server_cut_off_is_asked_again_until_it_may_be_back_no_more() {
        Verification verification = verification(() -> {
            throw AWAY;
        });

        Next<VerificationState> early = verification.advance(task(Duration.ofSeconds(20)));
        Next<VerificationState> late = verification.advance(task(Duration.ofSeconds(40)));

        assertThat(early.state()).isInstanceOf(Requested.class);
        assertThat(early.after()).isPositive();
        assertThat(early.announcements()).isEmpty();
        assertThat(late.announcements())
                .singleElement()
                .isInstanceOfSatisfying(
                        VerificationEvent.Inconclusive.class,
                        inconclusive -> assertThat(inconclusive.checks())
                                .singleElement()
                                .satisfies(check -> assertThat(check.findings())
                                        .containsExactly(new Finding("the check", "an answer", "connection refused"))));
    }

    @Test
    void what_does_not_pass_is_told_at_once() {
        Verification verification = verification(() -> {
            throw new IllegalStateException("permission denied");
        });

        assertThat(verification.advance(task(Duration.ZERO)).announcements())
                .singleElement()
                .isInstanceOf(VerificationEvent.Inconclusive.class);
    }

    @Test
    void a_server_that_cannot_be_asked_at_all_is_waited_for_as_long() {
        Verification verification = verification(List::of);

        assertThat(verification.onFailure(task(Duration.ofSeconds(20)), AWAY).announcements())
                .isEmpty();
        assertThat(verification.onFailure(task(Duration.ofSeconds(40)), AWAY).announcements())
                .singleElement()
                .isInstanceOf(VerificationEvent.Inconclusive.class);
    }

    @Test
    void a_server_that_another_takes_over_from_is_waited_for_as_one_that_is_away() {
        Verification verification = verification(List::of, (database, manifest, content) -> {
            throw new StandbyException("The server is a standby");
        });

        Next<VerificationState> early = verification.advance(task(Duration.ofSeconds(20)));
        assertThat(early.announcements()).isEmpty();
        assertThat(early.finished()).isFalse();
        assertThat(verification.advance(task(Duration.ofSeconds(40))).announcements())
                .singleElement()
                .isInstanceOf(VerificationEvent.Inconclusive.class);
    }

    private static Verification verification(Supplier<List<Finding>> answer) {
        return verification(
                answer,
                (database, manifest, content) -> new Context(database, manifest, content, Map.of(), limit -> {
                    throw new IllegalStateException("no session here");
                }));
    }

    private static Verification verification(Supplier<List<Finding>> answer, Verification.LiveDatabase live) {
        return new Verification(
                new Databases(List.of(shop()), null, null, null, null),
                (database, snapshot) -> Optional.of(Verification.NONE),
                live,
                new Inspection(List.of(new OneCheck(answer))),
                (verdict, results) -> {});
    }

    private record OneCheck(Supplier<List<Finding>> answer) implements Check {

        @Override
        public String name() {
            return "the check";
        }

        @Override
        public Duration limit(Context context) {
            return Duration.ofSeconds(5);
        }

        @Override
        public List<Finding> run(Context context) {
            return answer.get();
        }
    }

    private static Task<VerificationState> task(Duration inState) {
        Instant since = Instant.now().minus(inState);
        Requested requested = new Requested("s1", "r1", false, false, null);
        return new Task<>(Verification.KIND, "v1", "shop", requested, 1, 4, since, since, List.of());
    }

    private static EnrolledDatabase shop() {
        EnrolledDatabase.Role role = new EnrolledDatabase.Role("r", new Secret("NONE", null));
        return new EnrolledDatabase(
                "shop",
                Environment.development,
                new EnrolledDatabase.Server("nowhere", 0, "shop", null, "", null, null),
                new EnrolledDatabase.Roles(role, role, role, null),
                new EnrolledDatabase.SnapshotPolicy(EnrolledDatabase.Form.clone, false, null, 0, 100),
                null,
                null,
                null,
                null);
    }
}
