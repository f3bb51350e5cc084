package dev.ripcord.command.endtoend;

import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.ShopApplication;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.Installation;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.command.stack.StackFolder;
import dev.ripcord.command.stack.StackPorts;
import java.sql.SQLException;

/** One stack for all end-to-end tests: a shop with its application, and a spare one to be maltreated. */
final class RunningSuite implements AutoCloseable {

    /** Of PostgreSQL: 18, unless another is asked for. */
    private static final int MAJOR = Integer.getInteger("ripcord.test.postgres", 18);

    final Stack stack;
    final EventStream events;
    final Shop shop;
    final Shop spare;
    final ShopApplication application;
    final HeldDelivery delivery;

    RunningSuite() throws SQLException {
        this(MAJOR);
    }

    RunningSuite(int major) throws SQLException {
        stack = new Stack(Installation.here(), StackFolder.temporary("test"), StackPorts.free());
        try {
            stack.startServers(major);
            shop = SampleStack.shop(stack, "shop").create(new Size(3));
            spare = SampleStack.shop(stack, "spare").create(new Size(1));
            SampleStack.enrol(stack, shop, spare);
            delivery = stack.with(new HeldDelivery());
            delivery.hold(stack.folder().databases());
            stack.startServices();
            application = stack.with(ShopApplication.start(shop, stack.ports().application()));
            events = stack.with(EventStream.follow(stack.bootstrapServers(), seen -> {}));
        } catch (RuntimeException | SQLException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        stack.close();
        stack.folder().delete();
    }
}
