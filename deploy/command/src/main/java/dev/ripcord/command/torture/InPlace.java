package dev.ripcord.command.torture;

import static dev.ripcord.command.torture.Mark.act;
import static dev.ripcord.command.torture.Mark.state;

import dev.ripcord.events.Way;
import java.util.List;
import java.util.stream.Stream;

/**
 * The ways back that leave the database where it stands. Whatever is done twice shows: what they undo is not undone by doing
 * it again.
 *
 * @param marks what such a rollback writes, in its order
 */
record InPlace(String name, Mishap mishap, List<Mark> marks) {

    /** The shop's own version table and one migration, for its scripts. */
    static final String VERSION_TABLE = "create table public.schema_migrations (version text primary key)";

    static final String VERSION = "42_bonus";
    static final String UP = "alter table public.customers add column bonus int";
    static final String DOWN = "alter table public.customers drop column bonus";

    private static final String DEARER = "update public.products set price = price + 1000";

    private static final List<Mark> ASKED = List.of(state("Asked"), state("Planning"));
    private static final List<Mark> READING = List.of(state("Copying"), act("opened privately"), act("sealed"));
    private static final List<Mark> REHEARSED =
            List.of(state("Securing"), state("Rehearsing"), act("opened for rehearsal"), act("rehearsed"));
    private static final List<Mark> CHANGED = List.of(act("changing in place"), act("opened"));
    private static final List<Mark> ENDED = List.of(state("Changed"), state("PutRight"));

    static final List<InPlace> ALL = List.of(
            new InPlace(
                    "schema",
                    new Mishap(
                            Way.of("schema"),
                            List.of(
                                    "alter table customers add column bonus int not null default 0",
                                    "create view bonuses as select id, bonus from customers",
                                    "alter table products alter name drop not null",
                                    "drop index orders_by_customer")),
                    marks(READING, REHEARSED, CHANGED)),
            new InPlace(
                    "partial",
                    new Mishap(
                            new Way("partial", List.of("public.products"), false, null, 0, null, false),
                            List.of(DEARER)),
                    marks(READING, REHEARSED, CHANGED)),
            new InPlace(
                    "down",
                    new Mishap(Way.of("down"), List.of(UP, "insert into public.schema_migrations values ('42')")),
                    marks(List.of(), REHEARSED, CHANGED)),
            new InPlace(
                    "sql",
                    new Mishap(
                            new Way("sql", List.of(), false, null, 0, DEARER.replace('+', '-'), false),
                            List.of(DEARER)),
                    marks(List.of(), REHEARSED, CHANGED)),
            new InPlace(
                    "application",
                    new Mishap(Way.of("application"), List.of()),
                    marks(List.of(), List.of(state("Securing")), List.of())));

    private static List<Mark> marks(List<Mark> reading, List<Mark> rehearsed, List<Mark> changed) {
        return Stream.of(
                        ASKED,
                        reading,
                        List.of(state("Approving")),
                        rehearsed,
                        List.of(state("Changing")),
                        changed,
                        ENDED)
                .flatMap(List::stream)
                .toList();
    }
}
