package dev.ripcord.notifier.channel.mail;

import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Notes;
import dev.ripcord.notifier.delivery.Outcome;
import dev.ripcord.notifier.message.Message;
import jakarta.inject.Singleton;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Mail by SMTP, as text. The messages about one rollback are one thread: each names the ones before it in
 * {@code References} and {@code In-Reply-To} (<a href="https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4">RFC 5322,
 * 3.6.4</a>), under the subject of the first. An attempt that is made again has the same {@code Message-ID}. A recipient whom
 * the server refuses is left out, for the others would get the mail twice if it were tried again.
 */
@Singleton
class MailCarrier implements Carrier<Channel.Mail> {

    private static final String FIRST = "first";
    private static final String LAST = "last";
    private static final String SUBJECT = "subject";

    private static final Logger LOG = Logger.getLogger(MailCarrier.class);
    private static final Pattern REFUSED_FOR_GOOD = Pattern.compile("5\\d\\d\\b");
    private static final Pattern CODE = Pattern.compile("\\d{3}\\b");

    private static final int MOST_LIMITS = 3;

    private final Duration limit;

    MailCarrier(Post post) {
        this.limit = post.limit();
    }

    @Override
    public Class<Channel.Mail> kind() {
        return Channel.Mail.class;
    }

    @Override
    public List<String> problems(Channel.Mail channel) {
        return channel.password() == null ? List.of() : Post.problems(channel.password());
    }

    @Override
    public Outcome carry(Letter letter, Channel.Mail channel) {
        return channel.password() == null
                ? send(letter, channel, null)
                : Post.with(channel.password(), password -> send(letter, channel, password));
    }

    private Outcome send(Letter letter, Channel.Mail channel, @Nullable String password) {
        String id = "<" + letter.id() + "@" + channel.from().replaceFirst(".*@", "") + ">";
        try {
            talk(mail(letter, channel, id), channel, password);
        } catch (AuthenticationFailedException e) {
            return notLetIn(String.valueOf(e.getMessage()));
        } catch (SendFailedException e) {
            if (served(e) == 0) return failed(e);
            LOG.warnf(
                    "Channel %s: the mail server took message %s for %d of %d recipients and refused the others with %d",
                    channel.id(), letter.id(), served(e), channel.to().size(), refusal(e));
        } catch (MessagingException e) {
            return failed(e);
        }
        Notes notes = letter.notes();
        if (notes.find(FIRST).isEmpty()) {
            notes.keep(SUBJECT, subject(letter.message()));
            notes.keep(FIRST, id);
        }
        notes.keep(LAST, id);
        return new Outcome.Accepted();
    }

    /** Each step of the talk has the limit of an attempt, all of them together a few times that. */
    private void talk(MimeMessage mail, Channel.Mail channel, @Nullable String password) throws MessagingException {
        FutureTask<Boolean> sent = new FutureTask<>(() -> {
            Transport.send(mail, channel.user(), password);
            return true;
        });
        Thread.ofVirtual().name("mail to " + channel.id()).start(sent);
        try {
            sent.get(limit.multipliedBy(MOST_LIMITS).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new TookTooLong();
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw new MessagingException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MessagingException known) throw known;
            throw new MessagingException("it cannot be sent", e);
        }
    }

    private MimeMessage mail(Letter letter, Channel.Mail channel, String id) throws MessagingException {
        Message message = letter.message();
        Notes notes = letter.notes();
        MimeMessage mail = new Identified(Session.getInstance(settings(channel)), id);
        mail.setFrom(new InternetAddress(channel.from()));
        for (String to : channel.to()) {
            mail.addRecipient(jakarta.mail.Message.RecipientType.TO, new InternetAddress(to));
        }
        mail.setSentDate(Date.from(Instant.now()));
        Optional<String> subject = notes.find(SUBJECT);
        mail.setSubject(subject.isPresent() ? "Re: " + subject.get() : subject(message), StandardCharsets.UTF_8.name());
        Optional<String> last = notes.find(LAST);
        if (last.isPresent()) {
            String first = notes.find(FIRST).orElse(last.get());
            mail.setHeader("In-Reply-To", last.get());
            mail.setHeader("References", first.equals(last.get()) ? first : first + " " + last.get());
        }
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.setText(text(message), StandardCharsets.UTF_8.name());
        return mail;
    }

    private Properties settings(Channel.Mail channel) {
        Properties settings = new Properties();
        String millis = String.valueOf(limit.toMillis());
        settings.setProperty("mail.smtp.host", channel.host());
        settings.setProperty("mail.smtp.port", String.valueOf(channel.port()));
        settings.setProperty("mail.smtp.connectiontimeout", millis);
        settings.setProperty("mail.smtp.timeout", millis);
        settings.setProperty("mail.smtp.writetimeout", millis);
        settings.setProperty("mail.smtp.sendpartial", "true");
        settings.setProperty("mail.smtp.auth", String.valueOf(channel.user() != null));
        settings.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        switch (channel.tls()) {
            case none -> {}
            case starttls -> {
                settings.setProperty("mail.smtp.starttls.enable", "true");
                settings.setProperty("mail.smtp.starttls.required", "true");
            }
            case tls -> settings.setProperty("mail.smtp.ssl.enable", "true");
        }
        return settings;
    }

    private static String subject(Message message) {
        return message.headline().replaceAll("[\\s\\p{Cntrl}]+", " ");
    }

    private static String text(Message message) {
        StringBuilder text = new StringBuilder(message.headline()).append("\n\n");
        for (Message.Fact fact : message.facts()) {
            if (!fact.label().isEmpty()) text.append(fact.label()).append(": ");
            text.append(fact.value()).append('\n');
        }
        if (message.command() != null)
            text.append("\nNext:\n  ").append(message.command()).append('\n');
        text.append("\n-- \n").append(message.about());
        if (message.rollback() != null) text.append(", rollback ").append(message.rollback());
        return text.append('\n').toString();
    }

    /** What the server answered to the user and the password, RFC 4954, 6: 5xx stays, 454 and all others may pass. */
    private static Outcome notLetIn(String answer) {
        if (REFUSED_FOR_GOOD.matcher(answer).lookingAt()) {
            return new Outcome.Never("the mail server does not know this user and password");
        }
        Matcher code = CODE.matcher(answer);
        String reason = code.lookingAt() ? "answered " + code.group() : "took neither";
        return new Outcome.Later("asked for user and password, the mail server " + reason, Optional.empty());
    }

    /** How many recipients the mail was taken for. */
    private static int served(SendFailedException failure) {
        return failure.getValidSentAddresses() == null ? 0 : failure.getValidSentAddresses().length;
    }

    /** What the first recipient was refused with that was. */
    private static int refusal(SendFailedException failure) {
        return failure.getNextException() == null ? 0 : code(failure.getNextException());
    }

    /** By the server's answer, RFC 5321, 4.2.1: 4xx may pass, 5xx stays. */
    private static Outcome failed(MessagingException failure) {
        int code = code(failure);
        if (code == 0) {
            return new Outcome.Later("no mail sent: " + failure.getClass().getSimpleName(), Optional.empty());
        }
        String reason = "the mail server answered " + code;
        return code / 100 == 5 ? new Outcome.Never(reason) : new Outcome.Later(reason, Optional.empty());
    }

    /** Of several recipients, one who may be served later counts. */
    private static int code(Exception failure) {
        int code = switch (failure) {
            case SMTPAddressFailedException address -> address.getReturnCode();
            case SMTPSenderFailedException sender -> sender.getReturnCode();
            case SMTPSendFailedException send -> send.getReturnCode();
            default -> 0;
        };
        boolean oneOfSeveral = code == 0 || failure instanceof SMTPAddressFailedException;
        if (!oneOfSeveral || !(failure instanceof MessagingException more) || more.getNextException() == null)
            return code;
        int next = code(more.getNextException());
        return code == 0 || next / 100 == 4 ? next : code;
    }

    /** The server went on answering, and did not come to an end. */
    private static final class TookTooLong extends MessagingException {
        private static final long serialVersionUID = 1;
    }

    /** A mail that keeps the id it was given. */
    private static final class Identified extends MimeMessage {
        private final String id;

        Identified(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
