package dev.ripcord.command.torture;

import java.util.List;
import java.util.stream.Stream;

/**
 * A record that a rollback writes at one of its steps: a state of its own, or an act on the protected server.
 *
 * @param value the state or the act
 * @param cold whether it is written only where there is no warm copy
 */
record Mark(Kind kind, String value, boolean cold) {

    /** Where the record is. */
    enum Kind {
        STATE,
        ACT
    }

    /** What a full rollback writes, in its order. */
    static final List<Mark> ALL = Stream.of(
                    state("Asked"),
                    state("Planning"),
                    state("Approving"),
                    state("Preparing"),
                    new Mark(Kind.STATE, "Restoring", true),
                    state("Announcing"),
                    state("Swapping"),
                    act("opened privately"),
                    act("closed"),
                    act("properties kept"),
                    act("swapped"),
                    state("Opened"),
                    state("Counting"),
                    state("Completed"))
            .toList();

    /** All states in an order that each rollback keeps to, as far as it has them. */
    private static final List<String> STATES = List.of(
            "Asked",
            "Planning",
            "Copying",
            "Approving",
            "Preparing",
            "Restoring",
            "Announcing",
            "Swapping",
            "Opened",
            "Counting",
            "Completed",
            "Securing",
            "Rehearsing",
            "Changing",
            "Changed",
            "PutRight");

    /** What is written inside the swap and beside it. */
    static final List<Mark> AROUND_THE_SWAP =
            List.of(act("opened privately"), act("closed"), act("properties kept"), act("swapped"), state("Opened"));

    static Mark state(String name) {
        return new Mark(Kind.STATE, name, false);
    }

    static Mark act(String name) {
        return new Mark(Kind.ACT, name, false);
    }

    String database() {
        return kind == Kind.STATE ? "ripcord_state" : "ripcord_admin";
    }

    /** Statements after which whoever writes the record waits for a lock of that space. */
    String trigger(int space) {
        return switch (kind) {
            case STATE -> """
                create or replace function public.torture_brake() returns trigger language plpgsql as $$ begin
                    if new.kind = 'rollback' and (tg_op = 'INSERT' or old.state is distinct from new.state) then
                        perform pg_advisory_xact_lock_shared(%d, hashtext(new.state || '/' || new.id));
                    end if;
                    return new; end $$;
                create or replace trigger torture_brake before insert or update on rollback.task for each row execute function public.torture_brake()""".formatted(space);
            case ACT -> """
                create or replace function public.torture_brake() returns trigger language plpgsql as $$ begin
                    perform pg_advisory_xact_lock_shared(%d, hashtext(new.step || '/' || new.command)); return new; end $$;
                create or replace trigger torture_brake before insert on ripcord.act for each row execute function public.torture_brake()""".formatted(space);
        };
    }

    /** Finds a row once the record is there, or one that only follows it. */
    String written(String rollback) {
        return switch (kind) {
            case STATE -> {
                List<String> later = STATES.subList(STATES.indexOf(value), STATES.size());
                yield "select from rollback.task where kind = 'rollback' and id = '" + rollback
                        + "' and (finished or state in ('" + String.join("', '", later) + "'))";
            }
            case ACT -> "select from ripcord.act where command = '" + rollback + "' and step = '" + value + "'";
        };
    }

    @Override
    public String toString() {
        return (kind == Kind.STATE ? "state " : "act ") + value;
    }
}
