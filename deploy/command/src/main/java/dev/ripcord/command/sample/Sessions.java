package dev.ripcord.command.sample;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where a writer has its session from. */
public interface Sessions extends AutoCloseable {

    /** A session for one transaction of this client. */
    Connection borrow(int client) throws SQLException;

    /** The transaction is over. */
    void giveBack(int client, Connection session, boolean broken) throws SQLException;

    @Override
    void close();

    /** A connection pool, as an application server has it. */
    static Sessions pooled(Shop shop, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(shop.address());
        config.setDataSourceProperties(shop.applicationLogin());
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(2000);
        config.setValidationTimeout(1000);
        config.setInitializationFailTimeout(10_000);
        config.setPoolName("shop");
        return new Pooled(new HikariDataSource(config));
    }

    /** One session for each client, opened again when it breaks, as a reconnecting client without a pool has it. */
    static Sessions own(Shop shop) {
        return new Own(shop, new ConcurrentHashMap<>());
    }

    /** The pool. */
    record Pooled(HikariDataSource pool) implements Sessions {
        @Override
        public Connection borrow(int client) throws SQLException {
            return pool.getConnection();
        }

        @Override
        public void giveBack(int client, Connection session, boolean broken) throws SQLException {
            session.close();
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    /** The sessions by client. */
    record Own(Shop shop, ConcurrentHashMap<Integer, Connection> open) implements Sessions {
        @Override
        public Connection borrow(int client) throws SQLException {
            Optional<Connection> session = Optional.ofNullable(open.get(client));
            if (session.isPresent()) return session.get();
            Connection fresh = DriverManager.getConnection(shop.address(), shop.applicationLogin());
            fresh.setAutoCommit(false);
            open.put(client, fresh);
            return fresh;
        }

        @Override
        public void giveBack(int client, Connection session, boolean broken) throws SQLException {
            if (!broken) return;
            open.remove(client);
            session.close();
        }

        @Override
        public void close() {
            for (Connection session : open.values()) {
                try {
                    session.close();
                } catch (SQLException e) {
                    // the server has closed it before
                }
            }
        }
    }
}
