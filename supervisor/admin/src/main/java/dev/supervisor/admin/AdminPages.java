package dev.supervisor.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What is answered. Thread-safe. */
final class AdminPages {

    record Text(HttpResponseStatus status, String text) {}

    record Page(String type, String content) {}

    /** How long the threads that accept and that swap may take to respond; a look at their queues takes microseconds. */
    private static final Duration RESPONDS_WITHIN = Duration.ofSeconds(2);

    private final String version;
    private final Metrics metrics;
    private final Dashboard dashboard = Dashboard.load();

    private volatile List<NamedSupervisor> supervisors = List.of();
    private volatile StatusJson json;

    /** @param version of the supervisor */
    AdminPages(String version) {
        this.version = version;
        this.metrics = new Metrics(version);
        this.json = new StatusJson(version, supervisors);
    }

    void show(List<NamedSupervisor> all) {
        supervisors = List.copyOf(all);
        json = new StatusJson(version, all);
    }

    StatusJson json() {
        return json;
    }

    /** Completes when the threads of all have responded, or have not in time. */
    CompletableFuture<Text> live() {
        CompletableFuture<?>[] responses = supervisors.stream()
                .map(supervisor -> supervisor.respond().get())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(responses)
                .orTimeout(RESPONDS_WITHIN.toNanos(), TimeUnit.NANOSECONDS)
                .handle((unused, failure) -> failure == null
                        ? new Text(HttpResponseStatus.OK, "live\n")
                        : new Text(
                                HttpResponseStatus.SERVICE_UNAVAILABLE,
                                "not live: a thread that accepts or swaps does not respond\n"));
    }

    Text ready(boolean verbose) {
        Readiness readiness = Readiness.of(supervisors);
        return new Text(
                readiness.isReady() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                readiness.text(verbose));
    }

    Page metrics(String accept) {
        Metrics.Page page = metrics.of(supervisors, accept);
        return new Page(page.contentType(), page.text());
    }

    Page status(Viewer viewer) {
        return new Page("application/json", json.of(viewer) + "\n");
    }

    Dashboard dashboard() {
        return dashboard;
    }
}
