package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase.Checks;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.Shop;
import dev.ripcord.verifier.verification.Check;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every check of the database does: it passes on one that is as it was, and says what is not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CheckContract {

    private static final AtomicInteger SHOPS = new AtomicInteger();

    private final Check check;
    private final boolean content;
    private Shop shop;

    CheckContract(Check check, boolean content) {
        this.check = check;
        this.content = content;
    }

    @BeforeAll
    void open() {
        shop = new Shop(check.name().replace(' ', '_') + "_" + SHOPS.incrementAndGet());
        shop.keep();
    }

    @AfterAll
    void close() {
        shop.close();
    }

    @Test
    void an_intact_database_passes() {
        assertThat(findings()).isEmpty();
    }

    /** A session of somebody else, until the next change is gone again. */
    Connection session() throws SQLException {
        return shop.connect();
    }

    /** What the check finds after a change; the change is gone again afterwards. */
    List<Finding> after(String... changes) {
        return after(shop.manifest(), changes);
    }

    /** What the check finds after a change, held against this manifest. */
    List<Finding> after(Manifest before, String... changes) {
        try {
            for (String change : changes) shop.change(change);
            return check.run(shop.look(new Checks(null, null, null), before, content));
        } finally {
            shop.restore();
        }
    }

    /** What a snapshot says that is taken after a change, of its orphans too. */
    Manifest manifestAfter(String change) {
        try {
            shop.change(change);
            return shop.noted();
        } finally {
            shop.restore();
        }
    }

    List<Finding> findings(Checks checks) {
        return check.run(shop.look(checks, shop.manifest(), content));
    }

    private List<Finding> findings() {
        return findings(new Checks(null, null, null));
    }
}
