package dev.ripcord.command.demo;

import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.embedded.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The processes of a stack. */
final class Processes {

    private Processes() {}

    static List<Summary.Part> of(Stack stack) {
        List<Summary.Part> all = new ArrayList<>();
        for (Service service : Service.values()) all.add(figures(stack.service(service)));
        all.add(figures(stack.kafka()));
        return all;
    }

    /** How many are left of a stack that was stopped, of this program's children and of those that work in its folder. */
    static int leftOf(Path folder) {
        Waiting.until(() -> left(folder) == 0, Duration.ofSeconds(3));
        return left(folder);
    }

    private static int left(Path folder) {
        long own = ProcessHandle.current().pid();
        List<Long> children = ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::pid)
                .toList();
        long others = ProcessHandle.allProcesses()
                .filter(process -> process.pid() != own && !children.contains(process.pid()))
                .filter(process -> process.info().commandLine().orElse("").contains(folder.toString()))
                .count();
        return children.size() + (int) others;
    }

    private static Summary.Part figures(ServiceProcess process) {
        return new Summary.Part(process.name(), process.startupMillis(), process.residentBytes());
    }
}
