package dev.ripcord.command.bench;

import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.Stack;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The methods on one stack, and the databases that each works on. */
final class Contestants {

    /** Sessions of the services and of this program, besides the clients'. */
    private static final int OTHER_SESSIONS = 150;

    private final Stack stack;
    private final int major;
    private final Programs programs;
    private final int clients;
    private final Consumer<String> note;
    private final List<Map<String, Object>> entries = new ArrayList<>();
    private int number;

    /**
     * The methods for a server of that version.
     *
     * @param clients the most that write at a time
     * @param note is told what is left out
     */
    Contestants(Stack stack, int major, int clients, Consumer<String> note) {
        this.stack = stack;
        this.major = major;
        this.programs = new Programs(major);
        this.clients = clients;
        this.note = note;
        if (!programs.installed()) {
            note.accept("left out with PostgreSQL " + major
                    + ": pg_dump and the archive form, whose programs of this version are not installed");
        }
        if (!PgBackRest.installed()) note.accept("left out: pgBackRest, which is not installed");
    }

    /** Of the server, so that all clients get in. */
    static Map<String, String> settings(int clients) {
        return Map.of("max_connections", Integer.toString(clients + OTHER_SESSIONS));
    }

    /** The databases of one size, and those methods that need no service. */
    record Prepared(int number, long bytes, List<Peer> withoutRipcord) {}

    /** Makes data of a size, and enrols what Ripcord works on. */
    Prepared prepare(Size size) throws SQLException {
        Pristine pristine = new Pristine(SampleStack.shop(stack, "pristine" + number)).made(size);
        Shop byHand = SampleStack.shop(stack, "byhand" + number);
        List<Peer> peers = new ArrayList<>();
        enrol(pristine, "clone", Map.of("form", "clone", "endSessions", true), false);
        if (programs.installed()) {
            Path dumps = stack.folder().root().resolve("dumps" + number);
            String store = stack.folder().root().resolve("store").toString();
            enrol(pristine, "archive", Map.of("form", "archive", "store", store), true);
            peers.add(new Dumped(byHand, pristine, programs, dumps, false));
            peers.add(new Dumped(byHand, pristine, programs, dumps, true));
        }
        if (PgBackRest.installed()) {
            PgBackRest.prepare(stack, major, size, number, settings(clients), note)
                    .ifPresent(peers::add);
        }
        peers.add(new Swapped(byHand, pristine));
        return new Prepared(number++, pristine.shop().bytes(), peers);
    }

    /** All methods for a size, when the services run. */
    List<Peer> all(Prepared prepared, EventStream events) {
        List<Peer> peers = new ArrayList<>(prepared.withoutRipcord());
        peers.add(new RolledBack(stack, events, shop("clone", prepared.number()), "clone"));
        if (programs.installed()) {
            peers.add(new RolledBack(stack, events, shop("archive", prepared.number()), "archive"));
        }
        return peers;
    }

    /** For the services' configuration. */
    List<Map<String, Object>> entries() {
        return List.copyOf(entries);
    }

    /** The name of the database that the sample's application uses. */
    String application() {
        return "clone0";
    }

    private void enrol(Pristine pristine, String name, Map<String, Object> form, boolean archive) throws SQLException {
        Shop shop = shop(name, number);
        pristine.into(shop);
        Map<String, Object> entry = SampleStack.entry(stack, shop, false, archive);
        entry.put("snapshot", form);
        entries.add(entry);
    }

    private Shop shop(String name, int of) {
        return SampleStack.shop(stack, name + of);
    }
}
