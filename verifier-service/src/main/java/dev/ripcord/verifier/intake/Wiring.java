package dev.ripcord.verifier.intake;

import dev.ripcord.databases.Databases;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.verifier.server.LiveDatabases;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Inspection;
import dev.ripcord.verifier.verification.Verification;
import dev.ripcord.verifier.watch.Watch;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** Puts the parts together. */
@Singleton
class Wiring {

    @Produces
    @Singleton
    Verification verification(
            Databases databases, Manifests manifests, @All List<Check> checks, Vertx vertx, MeterRegistry metrics) {
        return new Verification(
                databases,
                manifests::find,
                new LiveDatabases(vertx)::look,
                new Inspection(checks),
                (verdict, results) -> measure(metrics, verdict, results));
    }

    @Produces
    @Singleton
    Watch watch(Databases databases, Watches watches, @All List<Check> checks, Vertx vertx) {
        return new Watch(
                databases,
                watches::manifest,
                new LiveDatabases(vertx)::look,
                new Inspection(checks),
                watches::superseded);
    }

    private static void measure(MeterRegistry metrics, Verdict verdict, List<CheckResult> results) {
        metrics.counter("ripcord.verification.verdict", "verdict", verdict.name())
                .increment();
        for (CheckResult result : results) {
            metrics.timer(
                            "ripcord.verification.check",
                            "check",
                            result.check(),
                            "verdict",
                            result.verdict().name())
                    .record(Duration.ofMillis(result.millis()));
        }
    }
}
