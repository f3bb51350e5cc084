package dev.ripcord.rollback.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultTest {

    @Test
    void who_lost_a_deadlock_is_not_sent_another_way() {
        try (Protected shop = Protected.of(18, "create table public.a (id int); create table public.b (id int)");
                PgSession one = shop.session();
                PgSession two = shop.session()) {
            one.execute("begin; lock table public.a");
            two.execute("begin; lock table public.b");

            CompletableFuture<Optional<DatabaseFailure>> first =
                    CompletableFuture.supplyAsync(() -> failure(one, "lock table public.b"));
            Optional<DatabaseFailure> second = failure(two, "lock table public.a; rollback");

            assertThat(Stream.of(first.join(), second).flatMap(Optional::stream))
                    .singleElement()
                    .satisfies(lost -> {
                        assertThat(lost.sqlState()).isEqualTo("40P01");
                        assertThat(new Fault(lost).thrownOn()).isTrue();
                    });
        }
    }

    private static Optional<DatabaseFailure> failure(PgSession session, String sql) {
        try {
            session.execute(sql);
            return Optional.empty();
        } catch (DatabaseFailure e) {
            return Optional.of(e);
        }
    }
}
