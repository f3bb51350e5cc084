package dev.ripcord.notifier.template;

import dev.ripcord.notifier.message.Message;
import io.quarkus.qute.Engine;
import io.quarkus.qute.TemplateException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Rewords messages by templates of <a href="https://quarkus.io/guides/qute-reference">Qute</a>: a file with the event's name
 * and the ending {@code .txt} in the configured folder, for example {@code rollback.completed.txt}. Its first line is the
 * headline; the lines after it, if there are any, take the place of the facts. A template sees {@code event},
 * {@code database}, {@code rollback}, {@code tone}, {@code headline}, {@code command}, {@code facts}, each with
 * {@code label} and {@code value}, and {@code fact}, by label, and nothing else. It is read at each use, so that a changed
 * one takes effect. Where there is none, or it cannot be used, the words stay as they are.
 */
@Singleton
public class Templates {

    private static final Logger LOG = Logger.getLogger(Templates.class);
    private static final int LONGEST_HEADLINE = 250;
    private static final int LONGEST_BODY = 2500;
    private static final long LIMIT_MILLIS = 1000;

    private final Optional<Path> folder;
    private final Engine engine = Engine.builder()
            .addDefaults()
            .strictRendering(true)
            .timeout(LIMIT_MILLIS)
            .build();

    /** With the templates of a folder, or with none. */
    @Inject
    public Templates(@ConfigProperty(name = "ripcord.notification.templates") Optional<Path> folder) {
        this.folder = folder;
        if (folder.isPresent() && !Files.isDirectory(folder.get())) {
            LOG.warnf("ripcord.notification.templates: there is no folder %s, the usual words are used", folder.get());
        }
    }

    /** A message in the team's words, where it has some for this event. */
    public Message worded(Message message) {
        if (folder.isEmpty()) return message;
        Path file = folder.get().resolve(message.about() + ".txt");
        if (!Files.isRegularFile(file)) return message;
        try {
            return worded(message, Files.readString(file));
        } catch (IOException | RuntimeException e) { // what a template asks of a text or a list fails as it likes
            LOG.warnf("The template %s cannot be used, the usual words are: %s", file, e);
            return message;
        }
    }

    private Message worded(Message message, String template) {
        String text = engine.parse(template).data(data(message)).render().strip();
        int end = text.indexOf('\n');
        String headline = (end < 0 ? text : text.substring(0, end)).strip();
        String body = end < 0 ? "" : text.substring(end).strip();
        if (headline.isEmpty()) throw new TemplateException("it has no headline");
        return message.worded(bounded(headline, LONGEST_HEADLINE), bounded(body, LONGEST_BODY));
    }

    private static Map<String, Object> data(Message message) {
        Map<String, String> byLabel = new LinkedHashMap<>();
        message.facts().forEach(fact -> byLabel.put(fact.label(), fact.value()));
        List<Map<String, String>> facts = message.facts().stream()
                .map(fact -> Map.of("label", fact.label(), "value", fact.value()))
                .toList();
        Map<String, Object> data = new HashMap<>();
        data.put("event", message.about());
        data.put("database", message.database());
        data.put("rollback", message.rollback() == null ? "" : message.rollback());
        data.put("tone", message.tone().name());
        data.put("headline", message.headline());
        data.put("command", message.command() == null ? "" : message.command());
        data.put("facts", facts);
        data.put("fact", byLabel);
        return data;
    }

    private static String bounded(String text, int longest) {
        return text.length() > longest ? text.substring(0, longest - 1) + "…" : text;
    }
}
