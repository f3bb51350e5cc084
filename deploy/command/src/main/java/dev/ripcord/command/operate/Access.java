package dev.ripcord.command.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.NotAskedException;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.follow.ServiceClient.Answer;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Who asks, and how the answer is shown: options that all commands share which talk to a service. */
public final class Access {

    /** Names of the address that a stack listens on; the loopback of IPv6 is another one. */
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

    /** RFC 6750, 2.1. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    @Option(
            names = "--token-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "File with your token; default: environment variable RIPCORD_TOKEN_FILE, else, where that"
                    + " runs at --server, the administrator's of the stack of `ripcord up`")
    private @Nullable Path tokenFile;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print the service's answer as it is")
    private boolean json;

    boolean json() {
        return json;
    }

    ServiceClient client(URI server) {
        return new ServiceClient(server, token(server));
    }

    /** What a call returned as JSON, or a failure in words where it did not work. */
    Answer ask(URI server, Call call) {
        Answer answer = read(server, call);
        if (answer.body().isContainerNode()) return answer;
        throw new CommandFailedException(
                "what answers at " + server + " is no service of Ripcord: is --server right, and a proxy in between?");
    }

    /** As {@link #ask}, for a command whose exit status 1 is an answer. */
    Answer judged(URI server, Call call) {
        try {
            return ask(server, call);
        } catch (CommandFailedException e) {
            throw new NotAskedException(e);
        }
    }

    /** The same where it may be text. */
    Answer read(URI server, Call call) {
        Answer answer;
        try (ServiceClient client = client(server)) {
            answer = call.on(client);
        } catch (IOException e) {
            throw new CommandFailedException(
                    server + " does not answer (" + e + "): is it running, and is --server right?", e);
        }
        if (answer.good()) return answer;
        String reason = answer.text("reason");
        String next = answer.text("next");
        throw new CommandFailedException(
                switch (answer.status()) {
                    case 401 -> (reason.isEmpty() ? "the token is not known there" : reason) + ": check --token-file";
                    case 403 -> reason.isEmpty() ? "your role does not allow this" : reason;
                    default ->
                        (reason.isEmpty() ? "the service answered " + answer.status() + " " + answer.body() : reason)
                                + (next.isEmpty() ? "" : ". Next: " + next);
                });
    }

    /** Prints it as JSON if that is wanted; whether it was. */
    boolean printed(JsonNode body) {
        if (!json) return false;
        try {
            System.out.println(
                    KafkaBinding.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that was read can be written", e);
        }
        return true;
    }

    private String token(URI server) {
        String named = System.getenv("RIPCORD_TOKEN_FILE");
        Path file = tokenFile != null ? tokenFile : named != null ? Path.of(named) : ofStack(server);
        try {
            String token = Files.readString(file).strip();
            if (TOKEN.matcher(token).matches()) return token;
        } catch (IOException e) {
            throw new CommandFailedException(
                    "no token can be read from " + file + ": name its file with --token-file", e);
        }
        throw new CommandFailedException("what " + file + " holds is no token: name its file with --token-file");
    }

    /** No other server is shown the token of the stack on this machine. */
    private static Path ofStack(URI server) {
        Path folder = DataFolder.usual();
        if (new Running(folder)
                .card()
                .filter(card -> card.addresses().values().stream().anyMatch(address -> atTheSame(server, address)))
                .isPresent()) return folder.resolve("secrets/administrator.token");
        throw new CommandFailedException(
                "there is no token for " + server
                        + ", where no stack of `ripcord up` runs: name its file with --token-file, and its address with --server");
    }

    /** A stack listens on the loopback address, which has several names. */
    private static boolean atTheSame(URI server, String known) {
        return known.equals("http://127.0.0.1:" + server.getPort())
                && "http".equals(server.getScheme())
                && LOOPBACK.contains(String.valueOf(server.getHost()));
    }

    /** One request to a service. */
    interface Call {
        Answer on(ServiceClient client) throws IOException;
    }
}
