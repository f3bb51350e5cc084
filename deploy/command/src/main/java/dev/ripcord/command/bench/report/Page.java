package dev.ripcord.command.bench.report;

import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A report as one HTML page that needs nothing else. Its plots are SVG from the same template: a library that draws them for the
 * JVM measures its letters with fonts of the system, which servers with a JDK alone do not have.
 */
public final class Page {

    private static final String HTML = "text/html";

    private Page() {}

    /** The page. */
    public static String of(Report report) {
        Engine engine = Engine.builder()
                .addDefaults()
                .addValueResolver(new ReflectionValueResolver())
                .addResultMapper(new HtmlEscaper(List.of(HTML)))
                .build();
        return engine.parse(template(), Variant.forContentType(HTML))
                .data("report", report)
                .render();
    }

    private static String template() {
        try (InputStream file = Page.class.getResourceAsStream("report.html")) {
            if (file == null) throw new IllegalStateException("report.html is not in this build");
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
