package dev.ripcord.delivery;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries one trace from a request through every service, across tables and topics (W3C Trace Context). Where spans are
 * not exported, the trace's id still travels.
 */
final class Traces {

    private Traces() {}

    /** The given trace, or a new one. */
    static String orNew(@Nullable String traceparent) {
        if (traceparent != null && traceparent.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")) return traceparent;
        byte[] random = new byte[24];
        ThreadLocalRandom.current().nextBytes(random);
        String hex = HexFormat.of().formatHex(random);
        return "00-" + hex.substring(0, 32) + "-" + hex.substring(32) + "-01";
    }

    /** Runs work in a span of that trace; the work is given the trace as it stands inside the span. */
    static <T> T in(Tracer tracer, String name, @Nullable String traceparent, Function<@Nullable String, T> work) {
        Context parent = W3CTraceContextPropagator.getInstance()
                .extract(Context.root(), traceparent == null ? Map.of() : Map.of("traceparent", traceparent), GETTER);
        Span span = tracer.spanBuilder(name)
                .setParent(parent)
                .setSpanKind(SpanKind.INTERNAL)
                .startSpan();
        try (Scope scope = span.makeCurrent()) {
            SpanContext context = span.getSpanContext();
            return work.apply(
                    context.isValid() && context.isSampled()
                            ? "00-" + context.getTraceId() + "-" + context.getSpanId() + "-01"
                            : traceparent);
        } finally {
            span.end();
        }
    }

    private static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> carrier) {
            return carrier.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
            return carrier == null ? null : carrier.get(key);
        }
    };
}
