package dev.ripcord.notifier.channel.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.ripcord.databases.Channel;
import dev.ripcord.databases.Secret;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.notifier.channel.Letters;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Outcome;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailCarrierTest {

    private static final RipcordEvent REQUESTED =
            new RollbackRequestEvent.Requested("shop", "r1", "v1", null, null, "Preise <falsch> für", "anna");
    private static final RipcordEvent STARTED = new RollbackEvent.Started("shop", "r1", "hash", "bob");
    private static final RipcordEvent FAILED =
            new RollbackOutcomeEvent.Failed("shop", "r1", "unchanged", "no room left", "ripcord rollback shop");

    @TempDir
    private Path folder;

    private final MailCarrier carrier = new MailCarrier(new Post(Duration.ofSeconds(2)));
    private final Letters letters = new Letters();
    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @BeforeEach
    void start() throws IOException {
        server.setUser("ripcord", "a password");
        server.start();
        Files.writeString(folder.resolve("password"), "a password");
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void the_mails_about_one_rollback_are_one_thread() throws Exception {
        for (RipcordEvent event : List.of(REQUESTED, STARTED, FAILED)) {
            assertThat(tell(event)).isEqualTo(new Outcome.Accepted());
        }
        MimeMessage[] got = server.getReceivedMessages();
        assertThat(got).hasSize(3);
        assertThat(got[0].getSubject()).isEqualTo("Rollback of shop requested");
        assertThat(got[0].getHeader("In-Reply-To")).isNull();
        assertThat(got[1].getSubject()).isEqualTo("Re: Rollback of shop requested");
        assertThat(got[1].getHeader("In-Reply-To")).containsExactly(got[0].getMessageID());
        assertThat(got[2].getHeader("In-Reply-To")).containsExactly(got[1].getMessageID());
        assertThat(got[2].getHeader("References")[0].split("\\s+"))
                .containsExactly(got[0].getMessageID(), got[1].getMessageID());
        assertThat(got[2].getContent().toString())
                .startsWith("Rollback of shop failed")
                .contains("Reason: no room left", "ripcord rollback shop");
        assertThat(got[0].getContent().toString()).contains("Preise <falsch> für");
        assertThat(got[0].getHeader("Auto-Submitted")).containsExactly("auto-generated");
    }

    @Test
    void a_headline_of_two_lines_is_one_header() throws Exception {
        tell(new RollbackEvent.Started("shop\r\nBcc: x@example.org", "r1", "hash", "bob"));
        MimeMessage got = server.getReceivedMessages()[0];
        assertThat(got.getSubject()).isEqualTo("Rollback of shop Bcc: x@example.org started");
        assertThat(got.getHeader("Bcc")).isNull();
    }

    @Test
    void an_attempt_that_is_made_again_has_the_same_id() throws Exception {
        tell(REQUESTED);
        carrier.carry(new Letters().about(REQUESTED), channel(port(), "ripcord"));
        MimeMessage[] got = server.getReceivedMessages();
        assertThat(got[1].getMessageID()).isEqualTo(got[0].getMessageID());
    }

    @Test
    void a_wrong_password_gives_up_and_is_not_named() throws IOException {
        Files.writeString(folder.resolve("password"), "wrong one");
        assertThat(tell(REQUESTED))
                .isEqualTo(new Outcome.Never("the mail server does not know this user and password"));
    }

    @Test
    void a_password_that_is_not_there_is_asked_for_again() throws IOException {
        Files.delete(folder.resolve("password"));
        assertThat(tell(REQUESTED)).isInstanceOf(Outcome.Later.class);
    }

    @Test
    void a_server_without_encryption_gets_nothing_unless_that_is_wanted() {
        Channel.Mail encrypted = new Channel.Mail(
                "c", "127.0.0.1", port(), null, null, null, "ripcord@example.org", List.of("shop@example.org"));
        assertThat(carrier.carry(letters.about(REQUESTED), encrypted)).isInstanceOf(Outcome.Later.class);
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"451 try again later, true", "452 no room, true", "550 no such mailbox, false", "554 no, false"})
    void what_the_server_answers_says_whether_to_try_again(String answer, boolean again) throws Exception {
        try (Scripted refusing = new Scripted("RCPT", answer)) {
            Outcome outcome = carrier.carry(letters.about(REQUESTED), channel(refusing.port(), null));
            String reason = "the mail server answered " + answer.substring(0, 3);
            assertThat(outcome)
                    .isEqualTo(again ? new Outcome.Later(reason, Optional.empty()) : new Outcome.Never(reason));
        }
    }

    @Test
    void a_recipient_who_is_refused_keeps_the_mail_from_nobody_else() throws Exception {
        try (Scripted served = new Scripted("RCPT TO:<gone@", "550 no such mailbox")) {
            Outcome outcome = carrier.carry(
                    letters.about(REQUESTED), channel(served.port(), null, "gone@example.org", "shop@example.org"));
            assertThat(outcome).isEqualTo(new Outcome.Accepted());
            assertThat(served.heard()).contains("RCPT TO:<shop@example.org>", "Subject: Rollback of shop requested");
        }
        tell(STARTED);
        assertThat(server.getReceivedMessages()[0].getHeader("In-Reply-To"))
                .as("it counts as told")
                .isNotNull();
    }

    @Test
    void a_mail_that_is_refused_as_such_was_not_taken_for_some() throws Exception {
        try (Scripted full = new Scripted("RCPT TO:<gone@", "550 no such mailbox", "DATA", "452 no room")) {
            assertThat(carrier.carry(
                            letters.about(REQUESTED),
                            channel(full.port(), null, "gone@example.org", "shop@example.org")))
                    .isEqualTo(new Outcome.Later("the mail server answered 452", Optional.empty()));
        }
    }

    @Test
    void where_all_are_refused_one_who_may_be_served_later_is() throws Exception {
        try (Scripted refusing =
                new Scripted("RCPT TO:<gone@", "550 no such mailbox", "RCPT TO:<shop@", "451 come again")) {
            assertThat(carrier.carry(
                            letters.about(REQUESTED),
                            channel(refusing.port(), null, "gone@example.org", "shop@example.org")))
                    .isEqualTo(new Outcome.Later("the mail server answered 451", Optional.empty()));
        }
    }

    @ParameterizedTest
    @CsvSource({"454 temporary failure, true", "421 shutting down, true", "535 no, false", "534 too weak, false"})
    void what_the_server_answers_to_the_password_says_whether_to_try_again(String answer, boolean again)
            throws Exception {
        try (Scripted closed = new Scripted("EHLO", "250-mail.example.org\r\n250 AUTH PLAIN", "AUTH", answer)) {
            Outcome outcome = carrier.carry(letters.about(REQUESTED), channel(closed.port(), "ripcord"));
            assertThat(outcome)
                    .isEqualTo(
                            again
                                    ? new Outcome.Later(
                                            "asked for user and password, the mail server answered "
                                                    + answer.substring(0, 3),
                                            Optional.empty())
                                    : new Outcome.Never("the mail server does not know this user and password"));
        }
    }

    @Test
    void nobody_there_and_nobody_who_speaks_are_tried_again() throws IOException {
        int port = port();
        server.stop();
        assertThat(carrier.carry(letters.about(REQUESTED), channel(port, null))).isInstanceOf(Outcome.Later.class);
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            assertThat(carrier.carry(letters.about(REQUESTED), channel(silent.getLocalPort(), null)))
                    .isInstanceOf(Outcome.Later.class);
        }
    }

    @Test
    void a_server_that_talks_and_talks_is_left_after_a_few_times_the_limit() throws Exception {
        MailCarrier hasty = new MailCarrier(new Post(Duration.ofMillis(500)));
        try (ServerSocket endless = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Thread talker = Thread.ofVirtual().start(() -> {
                try (Socket socket = endless.accept()) {
                    while (!Thread.currentThread().isInterrupted()) {
                        say(socket, "220-one moment please");
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Instant began = Instant.now();
            assertThat(hasty.carry(letters.about(REQUESTED), channel(endless.getLocalPort(), null)))
                    .isEqualTo(new Outcome.Later("no mail sent: TookTooLong", Optional.empty()));
            assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(15));
            talker.join(Duration.ofSeconds(10));
            assertThat(talker.isAlive()).as("the connection is closed").isFalse();
        }
    }

    private Outcome tell(RipcordEvent event) {
        return carrier.carry(letters.about(event), channel(port(), "ripcord"));
    }

    private int port() {
        return server.getSmtp().getPort();
    }

    private Channel.Mail channel(int port, @Nullable String user) {
        return channel(port, user, "shop@example.org");
    }

    private Channel.Mail channel(int port, @Nullable String user, String... to) {
        return new Channel.Mail(
                "c",
                "127.0.0.1",
                port,
                Channel.MailTls.none,
                user,
                user == null ? null : new Secret(null, folder.resolve("password")),
                "ripcord@example.org",
                List.of(to));
    }

    /** A server for one connection, which answers as told to lines that begin so, and to all others that it is fine. */
    private static final class Scripted implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        private final List<String> heard = new CopyOnWriteArrayList<>();

        /** With beginnings of lines, each with its answer. */
        Scripted(String... script) throws IOException {
            Thread.ofVirtual().start(() -> serve(script));
        }

        int port() {
            return server.getLocalPort();
        }

        List<String> heard() {
            return List.copyOf(heard);
        }

        private void serve(String... script) {
            try (Socket socket = server.accept();
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
                say(socket, "220 mail.example.org ESMTP");
                boolean inData = false;
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    heard.add(line);
                    String answer = answer(line, script);
                    if (!inData || line.equals(".")) say(socket, answer);
                    inData = answer.startsWith("354") || (inData && !line.equals("."));
                }
            } catch (IOException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static String answer(String line, String... script) {
            for (int i = 0; i < script.length; i += 2) if (line.startsWith(script[i])) return script[i + 1];
            return line.equals("DATA") ? "354 go on" : line.startsWith("QUIT") ? "221 bye" : "250 ok";
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
