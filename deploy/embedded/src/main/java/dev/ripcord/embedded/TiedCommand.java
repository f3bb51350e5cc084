package dev.ripcord.embedded;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands for children that must not outlive the launcher: in a session of their own, so that Ctrl-C in the terminal
 * reaches only the launcher, and with a signal that the kernel sends them when the launcher dies. Where {@code setpriv}
 * (util-linux) is missing the children are started plainly and would survive a launcher that is killed.
 */
final class TiedCommand {

    private static final Optional<Path> SETPRIV = program("setpriv").filter(TiedCommand::tiesToParent);
    private static final Optional<Path> SETSID = program("setsid");

    private TiedCommand() {}

    /** The command, tied to this JVM by a signal such as {@code KILL}. */
    static List<String> of(String signal, List<String> command) {
        return of(signal, List.of(), command);
    }

    /** As above under another account; one call sets both, because a change of account after it would undo the tie. */
    static List<String> of(String signal, List<String> account, List<String> command) {
        List<String> tied = new ArrayList<>();
        SETSID.ifPresent(setsid -> tied.add(setsid.toString()));
        SETPRIV.ifPresent(setpriv -> {
            tied.add(setpriv.toString());
            tied.addAll(account);
            tied.addAll(List.of("--pdeathsig", signal));
        });
        tied.addAll(command);
        return tied;
    }

    /** Where {@code setpriv} is, if this machine has one that can tie a child to its parent. */
    static Optional<Path> setpriv() {
        return SETPRIV;
    }

    private static boolean tiesToParent(Path setpriv) {
        return Children.run(List.of(setpriv.toString(), "--pdeathsig", "KILL", "true"), Duration.ofSeconds(30))
                        .status()
                == 0;
    }

    private static Optional<Path> program(String name) {
        String folders = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return List.of(folders.split(File.pathSeparator)).stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
