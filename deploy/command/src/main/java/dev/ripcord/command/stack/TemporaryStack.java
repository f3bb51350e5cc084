package dev.ripcord.command.stack;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A stack in a folder of its own below the system's folder for temporary files, of which nothing is left afterwards. */
public final class TemporaryStack {

    private static final long UNWIND_SECONDS = 20;

    private TemporaryStack() {}

    /**
     * Lets something work with a new stack that is not started yet, then stops it and removes its folder: also when it
     * fails, and when this program is told to end.
     *
     * @param bytesNeeded on the disk
     */
    public static <T> T use(String name, long bytesNeeded, Function<Stack, T> work) {
        StackFolder folder = StackFolder.temporary(name);
        Stack stack = new Stack(Installation.here(), folder, StackPorts.free());
        CountDownLatch unwound = new CountDownLatch(1);
        Thread hook = new Thread(() -> stopNow(stack, folder, unwound), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            folder.requireSpace(bytesNeeded);
            return work.apply(stack);
        } catch (RuntimeException e) {
            if (stack.closed()) throw new StoppedException();
            throw e;
        } finally {
            stack.close();
            folder.delete();
            unwound.countDown();
            forget(hook);
        }
    }

    private static void stopNow(Stack stack, StackFolder folder, CountDownLatch unwound) {
        System.out.println("\nStopping everything …");
        stack.close();
        try {
            if (!unwound.await(UNWIND_SECONDS, TimeUnit.SECONDS)) stack.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        folder.delete();
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it runs just now
        }
    }
}
