package dev.ripcord.command;

import dev.ripcord.command.bench.BenchCommand;
import dev.ripcord.command.demo.DemoCommand;
import dev.ripcord.command.operate.AlertsCommand;
import dev.ripcord.command.operate.AuditCommands;
import dev.ripcord.command.operate.DecideCommand;
import dev.ripcord.command.operate.DownCommand;
import dev.ripcord.command.operate.EnrolCommand;
import dev.ripcord.command.operate.MigrationCommands;
import dev.ripcord.command.operate.RollbackCommands;
import dev.ripcord.command.operate.ServeCommand;
import dev.ripcord.command.operate.SnapshotCommands;
import dev.ripcord.command.operate.StatusCommand;
import dev.ripcord.command.operate.UpCommand;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.StoppedException;
import dev.ripcord.command.torture.TortureCommand;
import java.net.URI;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The {@code ripcord} command. Exit status: 0 done, 1 it failed or a check did, 2 it was called wrongly, 3 what it was to check could
 * not be asked.
 */
@Command(
        name = "ripcord",
        description = "Takes a PostgreSQL database back to the state before a bad migration.",
        mixinStandardHelpOptions = true,
        version = Ripcord.VERSION,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            SnapshotCommands.GateCommand.class,
            SnapshotCommands.ListCommand.class,
            SnapshotCommands.ReleaseCommand.class,
            RollbackCommands.class,
            MigrationCommands.class,
            AuditCommands.class,
            DecideCommand.class,
            AlertsCommand.class,
            EnrolCommand.class,
            ServeCommand.class,
            BenchCommand.class,
            TortureCommand.class
        })
public final class Ripcord {

    static final String VERSION = "ripcord 0.1.0";

    private static final Pattern SERVER = Pattern.compile("https?://[\\w.\\[\\]:-]+(/[\\w./~-]*)?");
    private static final Logger ROOT_LOGGER = Logger.getLogger("");

    private Ripcord() {}

    public static void main(String[] arguments) {
        ROOT_LOGGER.setLevel(Level.SEVERE);
        int status = commandLine().execute(arguments);
        System.out.flush();
        System.exit(status);
    }

    /** The whole command line, ready to be executed. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Ripcord());
        line.registerConverter(Size.class, (ITypeConverter<Size>) text -> {
            try {
                return Size.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        });
        line.registerConverter(URI.class, text -> {
            if (SERVER.matcher(text).matches()) return URI.create(text);
            throw new TypeConversionException("it is http://host:port, found " + text);
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof StoppedException) return ExitCode.SOFTWARE;
            command.getErr().println("ripcord: " + message(failure));
            if (System.getenv("RIPCORD_TRACE") != null) failure.printStackTrace(command.getErr());
            return failure instanceof NotAskedException ? NotAskedException.STATUS : ExitCode.SOFTWARE;
        });
        line.getSubcommands().values().forEach(Ripcord::explained);
        return line;
    }

    /** Every command, whatever it is a part of, has its own help. */
    private static void explained(CommandLine command) {
        command.getCommandSpec().mixinStandardHelpOptions(true);
        command.getCommandSpec().versionProvider(() -> new String[] {VERSION});
        command.setUsageHelpAutoWidth(true);
        command.getSubcommands().values().forEach(Ripcord::explained);
    }

    private static String message(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
