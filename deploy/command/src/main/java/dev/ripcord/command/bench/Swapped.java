package dev.ripcord.command.bench;

import dev.ripcord.command.sample.Shop;
import java.sql.SQLException;
import java.util.Optional;

/** By hand, the least there is: a copy made by the server before, and two names swapped after; without proof, guard or trace. */
record Swapped(Shop shop, Pristine pristine) implements Peer {

    @Override
    public String name() {
        return "bare swap";
    }

    @Override
    public void reset() throws SQLException {
        pristine.into(shop);
    }

    @Override
    public Snapshot snapshot(String round) throws SQLException {
        double millis = BareSwap.prepare(shop);
        return new Snapshot(millis, millis);
    }

    @Override
    public long diskBytes(String round) throws SQLException {
        return shop.bytes();
    }

    @Override
    public void restore(String round) throws SQLException {
        BareSwap.swap(shop);
    }

    @Override
    public Optional<String> kept() {
        return Optional.of(BareSwap.OTHER);
    }

    @Override
    public void tidy() throws SQLException {
        BareSwap.tidy(shop);
        pristine.drop(shop);
    }
}
