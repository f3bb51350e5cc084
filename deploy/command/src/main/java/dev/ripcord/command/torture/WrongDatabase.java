package dev.ripcord.command.torture;

import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Size;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the services were told of is not what stands there any more: nothing must be done to it. */
final class WrongDatabase implements Trial {

    /** What is different, the statement that makes it so, and the one that takes it back. */
    private record Way(String what, String database, String make, String unmake) {}

    private static final List<Way> WAYS = List.of(
            enrolment(
                    "another server's marker",
                    "marker = gen_random_uuid()",
                    "marker = (select marker from public.aside)"),
            enrolment("another port", "server_port = 1", "server_port = (select server_port from public.aside)"),
            enrolment(
                    "another address",
                    "server_addr = '192.0.2.1'",
                    "server_addr = (select server_addr from public.aside)"),
            enrolment("another object id", "live_oid = live_oid + 1", "live_oid = (select live_oid from public.aside)"),
            new Way(
                    "never enrolled",
                    Ground.ADMIN,
                    "set session_replication_role = replica; delete from ripcord.enrolment where database_id = 'wrong'",
                    "insert into ripcord.enrolment select * from public.aside"),
            new Way(
                    "dropped and made again",
                    "postgres",
                    "alter database wrong rename to wrong_before; create database wrong owner shop_owner",
                    "drop database wrong with (force); alter database wrong_before rename to wrong"),
            new Way(
                    "another database's name",
                    "postgres",
                    "alter database wrong rename to wrong_before; create database wrong template wrong_before owner shop_owner",
                    "drop database wrong with (force); alter database wrong_before rename to wrong"));

    private @Nullable Quiet wrong;
    private SnapshotEvent.@Nullable Proven proven;

    private static Way enrolment(String what, String make, String unmake) {
        String update = "update ripcord.enrolment set %s where database_id = 'wrong'";
        return new Way(what, Ground.ADMIN, update.formatted(make), update.formatted(unmake));
    }

    @Override
    public String name() {
        return "wrong-database";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? WAYS.size() : 70;
    }

    @Override
    public void beforeServices(Ground ground, List<Run> runs) throws Exception {
        wrong = new Quiet(ground, SampleStack.shop(ground.stack(), "wrong").create(new Size(1)));
        ground.add(wrong.shop());
    }

    @Override
    public void prepare(Ground ground) throws Exception {
        if (wrong == null) return;
        ground.execute(
                Ground.ADMIN,
                "create table public.aside as select * from ripcord.enrolment where database_id = 'wrong'");
        proven = wrong.proven();
    }

    @Override
    public void finish(Ground ground) {
        if (wrong != null && proven != null) wrong.comesBack(proven);
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        if (wrong == null || proven == null) throw new IllegalStateException("not prepared");
        Way way = WAYS.get(run.oneOf(WAYS.size()));
        execute(ground, way.database(), way.make());
        List<String> violations = new ArrayList<>();
        try {
            List<String> before = wrong.databases();
            RollbackOutcomeEvent outcome = wrong.back(proven.migration());
            if (!(outcome instanceof RollbackOutcomeEvent.Refused)) violations.add(way.what() + ": " + outcome);
            if (!wrong.databases().equals(before)) violations.add(way.what() + ": something was done");
        } finally {
            execute(ground, way.database(), way.unmake());
        }
        return violations;
    }

    /** One statement after the other: a database is not made inside a transaction. */
    private static void execute(Ground ground, String database, String statements) throws Exception {
        if (statements.startsWith("set ")) {
            ground.execute(database, statements);
            return;
        }
        for (String statement : statements.split("; ")) ground.execute(database, statement);
    }
}
