package dev.ripcord.rollback.report;

import dev.ripcord.rollback.report.Document.Block;
import java.util.List;
import java.util.stream.Collectors;

/** A report as one page of HTML that needs nothing from elsewhere and prints well; every text in it is text. */
final class Html {

    private static final String STYLE = """
            :root { --line: light-dark(#dfe3e8, #2d3640); --soft: light-dark(#5b6875, #9aa7b4); --code: light-dark(#f0f2f5, #11171d); color-scheme: light dark; }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 54rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; overflow-wrap: anywhere; }
            h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1rem; }
            dl { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: .15rem 1rem; } dt { color: var(--soft); } dd { margin: 0; }
            .table { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-top: 1px solid var(--line); } th { color: var(--soft); font-weight: 500; border-top: 0; }
            pre { background: var(--code); padding: .6rem .8rem; border-radius: .5rem; white-space: pre-wrap; }
            .answer { min-height: 3rem; border: 1px dashed var(--line); border-radius: .5rem; }
            """;

    private Html() {}

    static String of(Document document) {
        String title = escaped(document.title());
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>" + title
                + "</title>\n<style>\n" + STYLE + "</style></head>\n<body>\n<h1>" + title + "</h1>\n"
                + document.blocks().stream().map(Html::block).collect(Collectors.joining())
                + "</body></html>\n";
    }

    private static String block(Block block) {
        return switch (block) {
            case Block.Heading heading -> in("h2", heading.text());
            case Block.Paragraph paragraph -> in("p", paragraph.text());
            case Block.Facts facts ->
                "<dl>\n"
                        + facts.facts().stream()
                                .map(fact -> in("dt", fact.label()) + in("dd", fact.value()))
                                .collect(Collectors.joining())
                        + "</dl>\n";
            case Block.Table table ->
                "<div class=\"table\"><table>\n<thead>" + row("th", table.heads()) + "</thead>\n<tbody>"
                        + table.rows().stream().map(cells -> row("td", cells)).collect(Collectors.joining())
                        + "</tbody></table></div>\n";
            case Block.Command command -> in("pre", command.text());
            case Block.Questions questions ->
                questions.questions().stream()
                        .map(question -> in("h3", question) + "<div class=\"answer\"></div>\n")
                        .collect(Collectors.joining());
            case Block.Tasks tasks ->
                "<ul>\n"
                        + tasks.tasks().stream()
                                .map(task -> in("li", "☐ " + task))
                                .collect(Collectors.joining()) + "</ul>\n";
        };
    }

    private static String row(String cell, List<String> cells) {
        return "<tr>" + cells.stream().map(text -> in(cell, text).strip()).collect(Collectors.joining()) + "</tr>\n";
    }

    private static String in(String element, String text) {
        return "<" + element + ">" + escaped(text) + "</" + element + ">\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
