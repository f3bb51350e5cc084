package dev.ripcord.snapshot.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import dev.ripcord.snapshot.SampleDatabase;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.Provider.Restoration;
import dev.ripcord.snapshot.core.Provider.Restored;
import dev.ripcord.snapshot.core.Provider.Take;
import dev.ripcord.snapshot.core.Refusal;
import dev.ripcord.snapshot.core.Taken;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a database holds comes back as it was, or is refused by name: nothing differs silently. */
public interface RoundTripConformance extends ProviderConformance {

    /** Everything in a database, as seen by other means than a manifest. */
    List<String> everything(SampleDatabase sample, String database);

    @ParameterizedTest
    @MethodSource("dev.ripcord.snapshot.provider.Fixture#all")
    default void what_a_database_can_hold_comes_back_as_it_was_or_is_refused_by_name(Fixture fixture) {
        SampleDatabase sample = sample("f-" + fixture.name().replace('_', '-'), fixture.options());
        EnrolledDatabase enrolled = enrolled(sample, sample.marker());
        assumeTrue(fixture.runs(enrolled.snapshot().form()));
        fixture.make(sample);
        Order order = new Order(enrolled, "one", 1);
        List<String> before = everything(sample, sample.name());
        String refusal = fixture.refusal(enrolled.snapshot().form());

        Take take = provider().take(order);

        assertThat(sample.open()).isTrue();
        if (take instanceof Refusal refused) {
            assertThat(refused.reason()).contains(refusal);
            assertThat(refusal).as("refused: " + refused.reason()).isNotEmpty();
        } else {
            Manifest manifest = provider().manifest(order, (Taken) take);
            Restoration restoration = provider().restore(order, manifest, "one");
            if (restoration instanceof Refusal refused) {
                assertThat(refusal).as("refused: " + refused.reason()).isNotEmpty();
                assertThat(refused.reason()).contains(refusal);
                assertThat(sample.made("shadow")).isZero();
            } else {
                assertThat(fixture.provable(enrolled.snapshot().form())).isTrue();
                List<String> after = opened(sample, ((Restored) restoration).shadow());
                assertThat(after).filteredOn(line -> !before.contains(line)).isEmpty();
                assertThat(after).isEqualTo(before);
            }
        }
        assertThat(everything(sample, sample.name())).isEqualTo(before);
    }

    @Test
    default void names_that_are_no_text_are_named_and_nothing_is_kept() {
        SampleDatabase sample =
                sample("bytes", "encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0");
        sample.run("set role shop_owner; do $$ begin execute format('create table %I (id int, %I text)', 'plain',"
                + " convert_from('\\x6e6fe9', 'SQL_ASCII')); execute format('create sequence %I',"
                + " convert_from('\\x636166e9', 'SQL_ASCII')); end $$");
        Order order = new Order(enrolled(sample, sample.marker()), "one", 1);

        Take take = provider().take(order);

        assertThat(take).isInstanceOfSatisfying(Refusal.class, refused -> {
            assertThat(refused.reason())
                    .contains("SQL_ASCII")
                    .endsWith(": public.\"caf\uFFFD\", public.plain.\"no\uFFFD\"");
            assertThat(refused.next()).startsWith("rename them");
        });
        assertThat(sample.open()).isTrue();
        provider().delete(order, Optional.of("one"));
        assertThat(sample.made("snapshot")).isZero();
    }

    @Test
    default void a_shadow_has_planner_statistics() {
        SampleDatabase sample = sample("analysed");
        sample.run("analyze");
        Order order = new Order(enrolled(sample, sample.marker()), "one", 1);
        Taken taken = (Taken) provider().take(order);

        Restored restored = (Restored) provider().restore(order, provider().manifest(order, taken), "one");

        sample.run("postgres", "alter database \"" + restored.shadow().name() + "\" with allow_connections true");
        assertThat(sample.value(
                        restored.shadow().name(),
                        "select count(*) from pg_stats where schemaname = 'public' and tablename = 'orders'"))
                .isEqualTo("5");
    }

    @Test
    default void a_shadow_whose_removal_was_interrupted_is_made_anew() {
        SampleDatabase sample = sample("half-dropped");
        Order order = new Order(enrolled(sample, sample.marker()), "one", 1);
        Manifest manifest = provider().manifest(order, (Taken) provider().take(order));
        Restored first = (Restored) provider().restore(order, manifest, "one");
        sample.run(
                "postgres",
                "update pg_database set datconnlimit = -2 where oid = "
                        + first.shadow().oid());

        Restoration again = provider().restore(order, manifest, "one");

        assertThat(again)
                .isInstanceOfSatisfying(
                        Restored.class,
                        restored -> assertThat(restored.shadow().oid())
                                .isNotEqualTo(first.shadow().oid()));
    }

    private List<String> opened(SampleDatabase sample, Shadow shadow) {
        sample.run("postgres", "alter database \"" + shadow.name() + "\" with allow_connections true");
        return everything(sample, shadow.name());
    }
}
