package dev.ripcord.rollback.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.delivery.Inbox;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.StateDatabaseException;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.rollback.Shops;
import dev.ripcord.rollback.audit.Verdict.Broken;
import dev.ripcord.rollback.audit.Verdict.Intact;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(Shops.class)
class TamperingTest {

    private static final int RECORDS = 220;
    private static final int TRIALS = 40;

    private final Random random = new Random(20261121);

    @Inject
    StateDatabase database;

    @Inject
    Tasks tasks;

    @Inject
    Inbox inbox;

    @Inject
    Trail trail;

    private long count;

    @BeforeEach
    void record() {
        if (trail.head().position() < RECORDS) new Recorded(tasks, inbox, random).some(RECORDS);
        count = trail.head().position();
        assertThat(count).isGreaterThanOrEqualTo(RECORDS);
    }

    private static final String MOVE_DOWN_AFTER_IT = "update audit set position = -position where position > :first";
    private static final String HASH_ALL = """
            do $$ declare entry audit; before bytea := decode(repeat('00', 32), 'hex'); begin
                for entry in select * from audit order by position loop
                    entry.previous := before;
                    before := audit_hash(entry);
                    update audit set previous = entry.previous, hash = before where position = entry.position;
                end loop;
            end $$""";

    /** What somebody could do to the trail who may switch its triggers off. */
    enum Crime {
        ALTER_DOCUMENT("update audit set document = document || ' ' where position = :first"),
        ALTER_ACTOR("update audit set actor = coalesce(actor || 'x', 'x') where position = :first"),
        ALTER_TIME("update audit set recorded_at = recorded_at - interval '1 microsecond' where position = :first"),
        MOVE_TEXT_TO_THE_NEXT_FIELD(
                "update audit set type = type || left(event_id, 1), event_id = substr(event_id, 2) where position = :first"),
        ALTER_AND_HASH_THAT_ONE(
                "update audit set document = '{}' where position = :first",
                "update audit entry set hash = audit_hash(entry) where position = :first"),
        REMOVE("delete from audit where position = :first"),
        REMOVE_SEVERAL("delete from audit where position >= :first and position < :second"),
        REMOVE_AND_CLOSE_THE_GAP(
                "delete from audit where position = :first",
                MOVE_DOWN_AFTER_IT,
                "update audit set position = -position - 1 where position < 0"),
        REORDER(
                "update audit set position = -position where position in (:first, :second)",
                "update audit set position = case -position when :first then :second else :first end where position < 0"),
        INSERT(MOVE_DOWN_AFTER_IT, "update audit set position = -position + 1 where position < 0", """
                insert into audit select position + 1, recorded_at, direction, type, 'another', source, database_id, rollback, actor, document,
                       hash, hash from audit where position = :first"""),
        INSERT_BEFORE_THE_FIRST("""
                insert into audit select 0, recorded_at, direction, type, event_id, source, database_id, rollback, actor, document, previous, hash
                  from audit where position = :first"""),
        INSERT_THE_SAME_AGAIN("insert into audit select * from audit where position = :first"),
        CUT_OFF("delete from audit where position >= :first"),
        CUT_OFF_ALL("delete from audit"),
        ALTER_AND_HASH_ALL("update audit set document = '{}' where position = :first", HASH_ALL),
        REMOVE_AND_HASH_ALL(
                "delete from audit where position = :first",
                MOVE_DOWN_AFTER_IT,
                "update audit set position = -position - 1 where position < 0",
                HASH_ALL);

        private final List<String> statements;

        Crime(String... statements) {
            this.statements = List.of(statements);
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_way_to_change_the_trail_is_found_with_a_head_that_was_kept(Crime crime) {
        Head kept = trail.head();
        for (int i = 0; i < TRIALS; i++) {
            long first = 1 + random.nextLong(count - 1);
            long second = first + 1 + random.nextLong(count - first);
            assertThat(after(crime, first, second, kept))
                    .as("%s at %d and %d of %d", crime, first, second, count)
                    .isInstanceOf(Broken.class);
        }
        assertThat(trail.verify(kept))
                .hasValueSatisfying(verdict -> assertThat(verdict).isInstanceOf(Intact.class));
    }

    @Test
    void it_is_said_where_the_trail_breaks_and_what_was_expected() {
        Head kept = trail.head();
        assertThat(after(Crime.ALTER_DOCUMENT, 7, 9, null))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.position()).isEqualTo(7));
        assertThat(after(Crime.REMOVE, 7, 9, null)).isEqualTo(new Broken(7, "record 7", "record 8"));
        assertThat(after(Crime.REORDER, 7, 9, null))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.position()).isEqualTo(7));
        assertThat(after(Crime.CUT_OFF, 101, 102, kept))
                .isEqualTo(new Broken(101, "records up to " + count, "the end after 100"));
    }

    @Test
    void without_a_kept_head_a_trail_that_was_cut_off_looks_whole() {
        assertThat(after(Crime.CUT_OFF, 101, 102, null))
                .isInstanceOfSatisfying(
                        Intact.class, intact -> assertThat(intact.count()).isEqualTo(100));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit set actor = 'nobody'",
                "update audit set actor = 'nobody' where false",
                "delete from audit where position = 1",
                "truncate audit"
            })
    void a_record_is_not_changed_and_not_removed(String statement) {
        assertThatThrownBy(() -> database.query(statement))
                .isInstanceOf(StateDatabaseException.class)
                .hasMessageContaining("append-only");
        assertThatThrownBy(() -> database.transaction(transaction -> {
                    transaction.query("set local session_replication_role = replica");
                    return transaction.query(statement);
                }))
                .hasMessageContaining("append-only");
    }

    /** The verdict on a trail that was changed in a transaction which is taken back then. */
    private Verdict after(Crime crime, long first, long second, @Nullable Head kept) {
        Verdict[] verdict = new Verdict[1];
        assertThatThrownBy(() -> database.transaction(transaction -> {
                    // the strongest lock first: what the other tests' rollbacks append meanwhile waits outside
                    transaction.query("lock table audit in access exclusive mode");
                    transaction.query("alter table audit disable trigger user");
                    transaction.query("alter table audit drop constraint audit_pkey");
                    transaction.query("alter table audit drop constraint audit_position_check");
                    for (String statement : crime.statements) {
                        transaction.query(statement
                                .replace(":first", Long.toString(first))
                                .replace(":second", Long.toString(second)));
                    }
                    verdict[0] = Trail.verify(transaction, kept);
                    throw new IllegalStateException("taken back");
                }))
                .hasMessage("taken back");
        return verdict[0];
    }
}
