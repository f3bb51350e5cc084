package dev.ripcord.command.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.command.follow.Waiting;
import dev.ripcord.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopTest {

    @TempDir
    static Path folder;

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.start(folder, 18, 0);
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void one_that_is_cut_off_while_it_is_filled_is_none_and_the_next_try_makes_a_whole_one() throws Exception {
        Shop shop = new Shop(postgres.server(), "cut", "owner", "application");
        Thread cut = Thread.ofVirtual().start(() -> {
            String ended = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'shop_owner'"
                    + " and state = 'active' and query like '%insert into order_lines%'";
            Waiting.until(() -> !list("postgres", ended).isEmpty(), Duration.ofSeconds(30));
        });

        assertThatThrownBy(() -> shop.create(new Size(40))).isInstanceOf(SQLException.class);
        cut.join();
        assertThat(shop.exists()).as("it has no rows to be proud of").isFalse();
        shop.create(new Size(1));

        assertThat(shop.exists()).isTrue();
        assertThat(list("cut", "select 'any' from sales_by_month limit 1")).containsExactly("any");
        assertThat(list("postgres", "select datname from pg_database where datname like 'cut%'"))
                .containsExactly("cut");
    }

    @Test
    void what_is_set_and_granted_has_the_name_of_the_whole_one() throws SQLException {
        new Shop(postgres.server(), "whole", "owner", "application").create(new Size(1));

        assertThat(list(
                        "postgres",
                        "select datconnlimit || ' ' || shobj_description(oid, 'pg_database')"
                                + " || ' ' || has_database_privilege('shop_app', oid, 'connect')"
                                + " || ' ' || has_database_privilege('public', oid, 'connect')"
                                + " from pg_database where datname = 'whole'"))
                .containsExactly("150 The sample shop true false");
        assertThat(list(
                        "postgres",
                        "select unnest(setconfig) from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase"
                                + " where datname = 'whole' order by 1"))
                .containsExactly("lock_timeout=5s", "statement_timeout=60s");
    }

    private static List<String> list(String database, String query) {
        List<String> values = new ArrayList<>();
        try (Connection connection = postgres.server().connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) values.add(row.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return values;
    }
}
