package dev.ripcord.rollback.report;

import dev.ripcord.rollback.report.Document.Block;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A report as <a href="https://github.github.com/gfm/">GitHub Flavored Markdown</a>, of which the rest of Markdown's dialects
 * read all but the tables. Whatever a text says, it is shown as it is: no markup, link, image, tag or mention comes of it.
 */
final class Markdown {

    /** What can begin markup within a line, and what makes a link or a mention of an address or a name. */
    private static final Pattern MARKUP =
            Pattern.compile("[\\\\`*_\\[\\]<>#|~&$@]|:(?=//)|(?<=mailto|xmpp):|(?<=\\bwww)\\.");

    private static final Pattern FIRST = Pattern.compile("^(?:[-+]|\\d+[.)])(?= |$)");

    private Markdown() {}

    static String of(Document document) {
        return "# " + escaped(document.title()) + "\n\n"
                + document.blocks().stream().map(Markdown::block).collect(Collectors.joining("\n"));
    }

    private static String block(Block block) {
        return switch (block) {
            case Block.Heading heading -> "## " + escaped(heading.text()) + "\n";
            case Block.Paragraph paragraph -> escaped(paragraph.text()) + "\n";
            case Block.Facts facts ->
                lines(facts.facts().stream()
                        .map(fact -> "- **" + escaped(fact.label()) + ":** " + escaped(fact.value()))
                        .toList());
            case Block.Table table ->
                row(table.heads())
                        + row(table.heads().stream().map(head -> "---").toList())
                        + table.rows().stream()
                                .map(cells -> row(
                                        cells.stream().map(Markdown::escaped).toList()))
                                .collect(Collectors.joining());
            case Block.Command command -> {
                String fence = "`".repeat(longestRun(command.text()) + 3);
                yield fence + "sh\n" + command.text() + "\n" + fence + "\n";
            }
            case Block.Questions questions ->
                questions.questions().stream()
                        .map(question -> "### " + escaped(question) + "\n\n…\n")
                        .collect(Collectors.joining("\n"));
            case Block.Tasks tasks ->
                lines(tasks.tasks().stream()
                        .map(task -> "- [ ] " + escaped(task))
                        .toList());
        };
    }

    /** By backslashes, which any character of punctuation may have before it, and where these do not help by references. */
    private static String escaped(String text) {
        String escaped = MARKUP.matcher(text).replaceAll(found -> switch (found.group()) {
            case "@" -> "&#64;";
            case "\\" -> "\\\\\\\\";
            case "$" -> "\\\\\\$";
            default -> "\\\\" + found.group();
        });
        if (!FIRST.matcher(escaped).find()) return escaped;
        return Character.isDigit(escaped.charAt(0)) ? escaped.replaceFirst("[.)]", "\\\\$0") : "\\" + escaped;
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String lines(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static int longestRun(String text) {
        int longest = 0;
        int run = 0;
        for (char each : text.toCharArray()) {
            run = each == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
