package dev.ripcord.notifier.channel.slack;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ripcord.notifier.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A message in Slack's Block Kit: a header, its facts, what to do next, and what it is about. The lengths are those of
 * <a href="https://docs.slack.dev/reference/block-kit/blocks">the reference</a>: 150 characters in a header, 3000 in a
 * section.
 */
final class Blocks {

    /** Not the ones within a name. */
    private static final Pattern SLANTED =
            Pattern.compile("(?<![\\p{L}\\p{N}])_(\\S(?:[^\\n]*?\\S)?)_(?![\\p{L}\\p{N}])");

    private static final int LONGEST_HEADER = 150;
    private static final int LONGEST_SECTION = 2900;

    private Blocks() {}

    static List<Object> of(Message message) {
        List<Object> blocks = new ArrayList<>();
        blocks.add(Map.of("type", "header", "text", plainText(bounded(headline(message)))));
        String facts = facts(message);
        if (!facts.isEmpty()) blocks.add(section(facts));
        String command = message.command();
        if (command != null) {
            blocks.add(section("*Next:*\n```" + fitting(escaped(command.replace('`', '\''))) + "```"));
        }
        String context = "`" + escaped(message.about()) + "`"
                + (message.rollback() == null ? "" : " rollback " + escaped(message.rollback()));
        blocks.add(Map.of("type", "context", "elements", List.of(mrkdwn(context))));
        return blocks;
    }

    /** The same with the buttons of a decision, which carry the rollback and the plan that was shown. */
    static List<Object> deciding(Message message, String plan) {
        List<Object> blocks = of(message);
        String value = JsonNodeFactory.instance
                .objectNode()
                .put("rollback", message.rollback())
                .put("plan", plan)
                .toString();
        blocks.add(Map.of(
                "type",
                "actions",
                "block_id",
                "ripcord_decision",
                "elements",
                List.of(
                        button("ripcord_approve", "Approve", "primary", value),
                        button("ripcord_reject", "Reject", "danger", value))));
        return blocks;
    }

    private static Map<String, Object> button(String action, String label, String style, String value) {
        return Map.of("type", "button", "action_id", action, "text", plainText(label), "style", style, "value", value);
    }

    /** The text that stands for the blocks in notifications. */
    static String fallback(Message message) {
        return escaped(headline(message));
    }

    /** What Slack's markup would read as a mention, a link or a tag is text after this. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** What Slack would show as bold, struck through, slanted or code is drawn with other characters: it has no way to quote them. */
    static String plain(String text) {
        String signs = text.replace('*', '\u2217').replace('~', '\u223c').replace('`', '\'');
        return SLANTED.matcher(signs).replaceAll("\u02cd$1\u02cd");
    }

    private static String facts(Message message) {
        StringBuilder facts = new StringBuilder();
        for (Message.Fact fact : message.facts()) {
            String label = fact.label().isEmpty() ? "" : "*" + escaped(fact.label()) + ":* ";
            String line = fitting(label + escaped(plain(fact.value()))) + "\n";
            if (facts.length() + line.length() > LONGEST_SECTION + 1) break;
            facts.append(line);
        }
        return facts.toString();
    }

    /** As much as a section takes, without half a character at its end. */
    private static String fitting(String escaped) {
        if (escaped.length() <= LONGEST_SECTION) return escaped;
        return escaped.substring(0, LONGEST_SECTION - 1).replaceFirst("(&[a-z]{0,4}|[\\uD800-\\uDBFF])$", "") + "…";
    }

    private static String headline(Message message) {
        return sign(message.tone()) + " " + message.headline();
    }

    private static Map<String, Object> section(String mrkdwn) {
        return Map.of("type", "section", "text", mrkdwn(mrkdwn));
    }

    /** In which nothing but our own signs is markup: neither addresses nor the names of channels become links. */
    private static Map<String, Object> mrkdwn(String text) {
        return Map.of("type", "mrkdwn", "text", text, "verbatim", true);
    }

    private static Map<String, Object> plainText(String text) {
        return Map.of("type", "plain_text", "text", text);
    }

    private static String bounded(String headline) {
        return headline.length() > LONGEST_HEADER ? headline.substring(0, LONGEST_HEADER - 1) + "…" : headline;
    }

    private static String sign(Message.Tone tone) {
        return switch (tone) {
            case news -> "ℹ️";
            case good -> "✅";
            case attention -> "⚠️";
            case alarm -> "🚨";
        };
    }
}
