package dev.ripcord.command.bench;

import dev.ripcord.command.follow.Narrator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Posts at a steady rate, whether or not they are answered: what is asked for is that each is answered, and how. No more than
 * {@value #MOST_OPEN} wait for an answer at a time; who comes then waits too, and the rate that was reached says so.
 */
final class AlertStorm {

    private static final int MOST_OPEN = 2000;
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final URI address;
    private final String token;
    private final Narrator tell;
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    final Series millis = new Series();
    double perSecond;

    AlertStorm(URI address, String token, Narrator tell) {
        this.address = address;
        this.token = token;
        this.tell = tell;
    }

    /** Sends the bodies of the numbers from 0 on. */
    void blow(int eachSecond, int seconds, IntFunction<String> body) {
        int all = eachSecond * seconds;
        Semaphore open = new Semaphore(MOST_OPEN);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .executor(threads)
                        .build()) {
            long began = System.nanoTime();
            for (int i = 0; i < all; i++) {
                long due = began + i * 1_000_000_000L / eachSecond;
                while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
                open.acquireUninterruptibly();
                post(http, body.apply(i), open);
                if ((i + 1) % (5 * eachSecond) == 0) tell.step((i + 1) + " of " + all + " alerts are posted");
            }
            perSecond = all / ((System.nanoTime() - began) / 1e9);
            open.tryAcquire(MOST_OPEN, ANSWER.toSeconds() + 5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(HttpClient http, String body, Semaphore open) {
        long sent = System.nanoTime();
        http.sendAsync(
                        HttpRequest.newBuilder(address)
                                .timeout(ANSWER)
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .whenComplete((answer, failure) -> {
                    String how = failure == null ? String.valueOf(answer.statusCode()) : "no answer";
                    answers.computeIfAbsent(how, none -> new AtomicInteger()).incrementAndGet();
                    synchronized (millis) {
                        millis.add((System.nanoTime() - sent) / 1e6);
                    }
                    open.release();
                });
    }

    /** How many were answered so: a status, or {@code no answer}. */
    int answered(String how) {
        return answers.getOrDefault(how, new AtomicInteger()).get();
    }

    Map<String, AtomicInteger> answers() {
        return Map.copyOf(answers);
    }
}
