package dev.ripcord.snapshot.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.delivery.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestoreProcedureTest {

    private final RestoreProcedure procedure = new RestoreProcedure(
            new Databases(List.of(), null, null, null, null),
            new Providers(List.of(new ScriptedProvider())),
            (order, scripts, shadow, progress) -> new Refusal("nothing is built here", "nothing"),
            id -> Optional.empty(),
            id -> false,
            Duration.ofSeconds(1),
            progressed -> {});

    private static Task<RestoreState> task(int attempts) {
        return new Task<>(
                "restore",
                "r1",
                "shop",
                new RestoreState.Requested("one"),
                1,
                attempts,
                Instant.now(),
                Instant.now(),
                List.of());
    }

    @Test
    void a_server_without_room_is_not_filled_again_and_the_rollback_hears_of_it_at_once() {
        RuntimeException full = new DatabaseFailure("could not extend file: No space left on device", "53100");

        assertThat(procedure.onFailure(task(0), full).state())
                .isInstanceOfSatisfying(
                        RestoreState.Clearing.class,
                        clearing -> assertThat(clearing.reason()).contains("No space left"));
    }

    @Test
    void what_passes_is_waited_for() {
        RuntimeException restarting = new DatabaseFailure("the database system is starting up", "57P03");

        assertThat(procedure.onFailure(task(1000), restarting).state()).isInstanceOf(RestoreState.Requested.class);
    }
}
