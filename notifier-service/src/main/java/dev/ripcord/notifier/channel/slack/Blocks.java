package dev.ripcord.notifier.channel.slack;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ripcord.notifier.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A message in Slack's Block Kit: a header, its facts, what to do next, and what it is about. The lengths are those of
 * <a href="https://docs.slack.dev/reference/block-kit/blocks">the reference</a>: 150 characters in a header, 3000 in a
 * section.
 */
final class Blocks {

    private static final int LONGEST_HEADER = 150;
    private static final int LONGEST_SECTION = 2900;

    private Blocks() {}

    static List<Object> of(Message message) {
        List<Object> blocks = new ArrayList<>();
        blocks.add(Map.of("type", "header", "text", text("plain_text", bounded(headline(message)))));
        String facts = facts(message);
        if (!facts.isEmpty()) blocks.add(section(facts));
        String command = message.command();
        if (command != null) {
            blocks.add(section("*Next:*\n```" + fitting(escaped(command.replace('`', '\''))) + "```"));
        }
        String context = "`" + escaped(message.about()) + "`"
                + (message.rollback() == null ? "" : " rollback " + escaped(message.rollback()));
        blocks.add(Map.of("type", "context", "elements", List.of(text("mrkdwn", context))));
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
        return Map.of(
                "type",
                "button",
                "action_id",
                action,
                "text",
                text("plain_text", label),
                "style",
                style,
                "value",
                value);
    }

    /** The text that stands for the blocks in notifications. */
    static String fallback(Message message) {
        return escaped(headline(message));
    }

    /** What Slack's markup would read as a mention, a link or a tag is text after this. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String facts(Message message) {
        StringBuilder facts = new StringBuilder();
        for (Message.Fact fact : message.facts()) {
            String label = fact.label().isEmpty() ? "" : "*" + escaped(fact.label()) + ":* ";
            String line = fitting(label + escaped(fact.value())) + "\n";
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
        return Map.of("type", "section", "text", text("mrkdwn", mrkdwn));
    }

    private static Map<String, String> text(String type, String text) {
        return Map.of("type", type, "text", text);
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
