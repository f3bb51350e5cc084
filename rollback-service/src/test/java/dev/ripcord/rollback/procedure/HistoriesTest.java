package dev.ripcord.rollback.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.RollbackRequestEvent.Cancelled;
import dev.ripcord.events.RollbackRequestEvent.Rejected;
import dev.ripcord.events.RollbackRequestEvent.ReopenAsked;
import dev.ripcord.events.RollbackRequestEvent.Requested;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.core.RollbackState.Announcing;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.RollbackState.Refused;
import dev.ripcord.rollback.procedure.World.Ending;
import dev.ripcord.rollback.swap.ModelServer.Trouble;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whatever is said in whatever order, how often, by whom, readable or not, and wherever a process dies meanwhile: what
 * {@link World#holds} says is so at every moment, and everything comes to an end.
 */
class HistoriesTest {

    private static final String ANN_WHO_ASKS = "ann";
    private static final List<String> PEOPLE = List.of(ANN_WHO_ASKS, "ben", "cleo", " BEN ");

    /** How the rollbacks of all histories ended. */
    private static final Map<String, Integer> ENDS = new TreeMap<>();

    /** Else it would be histories in which nothing happens that break nothing. */
    @AfterContainer
    static void every_end_was_come_to() {
        assertThat(ENDS)
                .containsOnlyKeys("Completed", "Doubtful", "Failed", "PutRight", "Refused", "Undone", "Unverified");
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void no_history_breaks_what_must_hold(@ForAll("histories") ActionChain<World> history) {
        World world = history.withInvariant(World::holds).run();
        world.comesToAnEnd();
        world.states().values().forEach(state -> ENDS.merge(state.getClass().getSimpleName(), 1, Integer::sum));
    }

    @Example
    void an_application_that_expects_a_rollback_is_told_where_it_is_taken_back_after_a_crash() {
        World world = new World();
        world.hears(
                Envelope.of("/somebody", new Requested(World.SHOP, "r1", null, null, null, "why", ANN_WHO_ASKS, null)));
        for (int turn = 0; turn < 20 && !(world.state("r1").orElseThrow() instanceof Announcing); turn++) {
            world.answer("r1");
            world.step("r1", Trouble.none, Ending.recorded);
        }
        world.step("r1", Trouble.none, Ending.killed);
        world.hearsOverHttp(new Cancelled(World.SHOP, "r1", "why", "ben"));

        world.comesToAnEnd();

        assertThat(world.state("r1")).containsInstanceOf(Refused.class);
    }

    @Provide
    Arbitrary<ActionChain<World>> histories() {
        return ActionChain.startWith(World::new)
                .withAction(12, steps())
                .withAction(20, hopes())
                .withAction(6, requests())
                .withAction(4, approvals())
                .withAction(1, objections())
                .withAction(4, restores())
                .withAction(2, verdicts())
                .withAction(1, emergencies())
                .withAction(2, poison())
                .withAction(1, surroundings())
                .withAction(1, backups())
                .withMaxTransformations(60);
    }

    /** The service goes on with something; now and then the server fails it, or the process dies or is stopped in it. */
    private static Action.Independent<World> steps() {
        return () -> Combinators.combine(
                        rollbacks(), mostly(Trouble.none, Trouble.values()), mostly(Ending.recorded, Ending.values()))
                .as((rollback, trouble, ending) -> happens(
                        "step of " + rollback + ", trouble " + trouble + ", " + ending,
                        world -> world.step(rollback, trouble, ending)));
    }

    /** Somebody gives a rollback what it waits for, and it goes on. */
    private static Action.Independent<World> hopes() {
        return () -> rollbacks()
                .map(rollback -> happens(rollback + " goes on", world -> {
                    world.answer(rollback);
                    world.step(rollback, Trouble.none, Ending.recorded);
                }));
    }

    /**
     * {@code r1} and {@code r2} ask for the snapshot, {@code u1} to undo {@code r1}, {@code s1} for its structure, which may
     * become all of it, {@code q1} for statements.
     */
    private static Action.Independent<World> requests() {
        return () -> Combinators.combine(rollbacks(), Arbitraries.integers().between(1, 3))
                .as((rollback, times) -> said(
                        "request " + rollback,
                        times,
                        world -> new Requested(
                                World.SHOP,
                                rollback,
                                null,
                                null,
                                rollback.equals("u1") ? "r1" : null,
                                "why",
                                ANN_WHO_ASKS,
                                way(rollback))));
    }

    private static @Nullable Way way(String rollback) {
        return switch (rollback) {
            case "s1" -> Way.of("schema");
            case "q1" -> new Way("sql", null, false, null, 0, "select 1", false);
            default -> null;
        };
    }

    private static Action.Independent<World> approvals() {
        return () -> Combinators.combine(
                        rollbacks(),
                        Arbitraries.of(PEOPLE),
                        mostly(true, true, false),
                        mostly(true, true, false),
                        mostly(true, true, false),
                        mostly(false, true, false))
                .as((rollback, person, token, rightPlan, rightWord, alone) -> happens(
                        person + " approves " + rollback + (token ? "" : " over Kafka")
                                + (rightPlan ? "" : ", another plan") + (rightWord ? "" : ", another word")
                                + (alone ? ", alone" : ""),
                        world -> {
                            Approved approved = new Approved(
                                    World.SHOP,
                                    rollback,
                                    rightPlan ? plan(world, rollback) : "another",
                                    rightWord ? EnrolledDatabase.WORD : "yes",
                                    person,
                                    alone ? "nobody else is awake" : null);
                            if (token) world.hearsOverHttp(approved);
                            else world.hears(Envelope.of("/somebody", approved));
                        }));
    }

    private static String plan(World world, String rollback) {
        return world.state(rollback)
                .map(state ->
                        state instanceof Approving waiting ? waiting.plan().hash() : "none yet")
                .orElse("none yet");
    }

    private static Action.Independent<World> objections() {
        return () -> Combinators.combine(
                        rollbacks(), Arbitraries.of("cancel", "reject", "reopen"), Arbitraries.of(true, false))
                .as((rollback, what, token) -> happens(what + " " + rollback + (token ? "" : " over Kafka"), world -> {
                    RipcordEvent event = switch (what) {
                        case "cancel" -> new Cancelled(World.SHOP, rollback, "why", "ben");
                        case "reject" -> new Rejected(World.SHOP, rollback, "why", "ben");
                        default -> new ReopenAsked(World.SHOP, rollback, "why", "ben");
                    };
                    if (token) world.hearsOverHttp(event);
                    else world.hears(Envelope.of("/somebody", event));
                }));
    }

    /** Asked for or not, of the right snapshot or of another, for the swap or for counting. */
    private static Action.Independent<World> restores() {
        return () -> Combinators.combine(
                        rollbacks(),
                        mostly("", "", RollbackProcedure.FOR_COUNTING, RollbackProcedure.FOR_READING),
                        mostly(World.SNAPSHOT, World.SNAPSHOT, "another"),
                        mostly(true, true, false),
                        Arbitraries.integers().between(1, 2))
                .as((rollback, ending, snapshot, good, times) -> said(
                        (good ? "a copy of " : "no copy of ") + snapshot + " for " + rollback + ending,
                        times,
                        world -> good
                                ? world.restored(rollback + ending, snapshot)
                                : new RestoreEvent.Failed(World.SHOP, rollback + ending, snapshot, "why")));
    }

    private static Action.Independent<World> verdicts() {
        return () -> Combinators.combine(
                        rollbacks(),
                        mostly("/verify", "/verify", "/another"),
                        Arbitraries.of("passed", "failed", "inconclusive"),
                        Arbitraries.integers().between(1, 2))
                .as((rollback, ending, verdict, times) ->
                        said("verification " + rollback + ending + " " + verdict, times, world -> switch (verdict) {
                            case "passed" ->
                                new VerificationEvent.Passed(World.SHOP, rollback + ending, rollback, List.of());
                            case "failed" ->
                                new VerificationEvent.Failed(World.SHOP, rollback + ending, rollback, List.of());
                            default ->
                                new VerificationEvent.Inconclusive(World.SHOP, rollback + ending, rollback, List.of());
                        }));
    }

    /** What becomes of the snapshot before a change in place. */
    private static Action.Independent<World> emergencies() {
        return () -> Combinators.combine(rollbacks(), mostly(true, true, false))
                .as((rollback, proven) -> happens(
                        (proven ? "a" : "no") + " snapshot before " + rollback,
                        world -> world.secures(rollback, proven)));
    }

    private static Action.Independent<World> poison() {
        return () -> Combinators.combine(
                        rollbacks(), Arbitraries.of("cut off", "unknown version", "unknown type", "no value", "topic"))
                .as((rollback, kind) -> happens("poison: " + kind, world -> {
                    ProducerRecord<String, byte[]> record = world.binding()
                            .write(Envelope.of("/somebody", new Cancelled(World.SHOP, rollback, "why", "ben")));
                    world.hearsPoison(world.asRead(poisoned(record, kind)));
                }));
    }

    private static ProducerRecord<String, byte[]> poisoned(ProducerRecord<String, byte[]> record, String kind) {
        return switch (kind) {
            case "cut off" -> with(record, java.util.Arrays.copyOf(record.value(), record.value().length / 2));
            case "unknown version" -> headed(record, "ce_dataschema", "urn:ripcord:rollback.cancelled:99");
            case "unknown type" -> headed(record, "ce_type", "rollback.exploded");
            case "no value" -> with(record, null);
            default -> new ProducerRecord<>("ripcord.snapshot", null, record.key(), record.value(), record.headers());
        };
    }

    private static ProducerRecord<String, byte[]> with(ProducerRecord<String, byte[]> record, byte @Nullable [] value) {
        return new ProducerRecord<>(record.topic(), null, record.key(), value, record.headers());
    }

    private static ProducerRecord<String, byte[]> headed(
            ProducerRecord<String, byte[]> record, String header, String value) {
        record.headers().remove(header).add(header, value.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private static Action.Independent<World> surroundings() {
        return () -> Arbitraries.of(
                happens("a minute goes by", world -> world.passes(Duration.ofMinutes(1))),
                happens("two hours go by", world -> world.passes(Duration.ofHours(2))),
                happens("somebody writes to the copies", world -> world.server.breakSeals()));
    }

    private static Action.Independent<World> backups() {
        return () -> Combinators.combine(rollbacks(), Arbitraries.integers().between(0, 3))
                .as((rollback, backup) -> happens(
                        "the service is restored from backup " + backup + ", older than the swap of " + rollback,
                        world -> world.restored(rollback, backup)));
    }

    private static Arbitrary<String> rollbacks() {
        return Arbitraries.of("r1", "r1", "r1", "r1", "r2", "u1", "u1", "u1", "s1", "s1", "q1");
    }

    /** The first more often than not. */
    @SafeVarargs
    private static <T> Arbitrary<T> mostly(T usual, T... all) {
        return Arbitraries.oneOf(List.of(Arbitraries.just(usual), Arbitraries.just(usual), Arbitraries.of(all)));
    }

    /** An event that comes so often, as Kafka does after a crash. */
    private static Transformer<World> said(
            String what, int times, java.util.function.Function<World, RipcordEvent> event) {
        return happens(what + ", " + times + " times", world -> {
            Envelope<RipcordEvent> envelope = Envelope.of("/somebody", event.apply(world));
            for (int time = 0; time < times; time++) world.hears(envelope);
        });
    }

    private static Transformer<World> happens(String what, Consumer<World> how) {
        return Transformer.mutate(what, how);
    }
}
