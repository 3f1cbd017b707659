package dev.supervisor.admin;

import dev.supervisor.Departure;
import dev.supervisor.Status;
import dev.supervisor.Status.Distribution;
import dev.supervisor.Status.Phase;
import dev.supervisor.Status.Result;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The status in the forms of Prometheus. All values are read from the supervisors when they are asked for; nothing is counted
 * here. Thread-safe.
 */
final class Metrics {

    /** What a scraper gets. */
    record Page(String contentType, String text) {}

    private static final ExpositionFormatWriter PROMETHEUS = PrometheusTextFormatWriter.create();
    private static final List<ExpositionFormatWriter> FORMATS =
            List.of(OpenMetricsTextFormatWriter.create(), PROMETHEUS);

    private static final String APP = "app";

    /** Counters, gauges and histograms while they are put together: each is one metric of all applications. */
    private static final class Collected {
        private final GaugeSnapshot.Builder generation =
                gauge("supervisor_generation", "The number of the generation that serves");
        private final GaugeSnapshot.Builder generations =
                gauge("supervisor_generations", "The generations that are in memory, by their state");
        private final CounterSnapshot.Builder swaps =
                counter("supervisor_swaps", "The swaps that have ended, by their result");
        private final HistogramSnapshot.Builder phases =
                histogram("supervisor_swap_duration_seconds", "How long the phases of swaps have taken");
        private final GaugeSnapshot.Builder successful = gauge(
                "supervisor_last_swap_successful", "Whether the newest build serves (1), or its swap has failed (0)");
        private final GaugeSnapshot.Builder successTime = gauge(
                "supervisor_last_swap_success_timestamp_seconds",
                "When a generation has last begun to serve, in Unix time");
        private final CounterSnapshot.Builder accepted =
                counter("supervisor_connections_accepted", "The connections that a socket has accepted");
        private final GaugeSnapshot.Builder open =
                gauge("supervisor_connections_open", "The connections of a socket that are open");
        private final CounterSnapshot.Builder left = counter(
                "supervisor_connections_left",
                "The connections that have left a generation, or a failure page, that was replaced, by how they left");
        private final GaugeSnapshot.Builder held =
                gauge("supervisor_held", "The connections that wait for a build at the gate of a socket");
        private final HistogramSnapshot.Builder heldSeconds = histogram(
                "supervisor_held_seconds", "How long connections have waited for a build at the gate of a socket");
        private final CounterSnapshot.Builder expired =
                counter("supervisor_hold_expired", "The connections that have waited for longer than the hold timeout");
        private final CounterSnapshot.Builder refused = counter(
                "supervisor_proxy_headers_refused",
                "The connections that were closed since their proxies had not begun them with a good header");
        private final GaugeSnapshot.Builder notAfter = gauge(
                "supervisor_certificate_not_after_seconds",
                "When a certificate of a socket expires, in Unix time, by the first of its names");
        private final CounterSnapshot.Builder kept = counter(
                "supervisor_generations_kept",
                "The ended generations that were found to be kept in memory by something");
        private final HistogramSnapshot.Builder unloads = histogram(
                "supervisor_unload_seconds", "From the end of generations until their classes had been collected");

        void add(String app, Status status) {
            Labels labels = Labels.of(APP, app);
            status.live().ifPresent(live -> add(generation, labels, live.number()));
            for (Status.State state : Status.State.values()) {
                long count = status.generations().stream()
                        .filter(each -> each.state() == state)
                        .count();
                add(generations, labels.add("state", StatusJson.word(state)), (double) count);
            }
            add(labels, status.swaps());
            status.lastSwap()
                    .ifPresent(serving -> add(
                            successTime,
                            labels,
                            serving.since().toEpochMilli() / (double) TimeUnit.SECONDS.toMillis(1)));
            status.sockets().forEach(socket -> add(labels.add("socket", socket.name()), socket));
        }

        private void add(Labels labels, Status.Swaps ofApp) {
            for (Result result : Result.values()) {
                if (result != Result.RUNNING) {
                    add(
                            swaps,
                            labels.add("result", StatusJson.word(result)),
                            ofApp.totals().getOrDefault(result, 0L));
                }
            }
            for (Phase phase : Phase.values()) {
                add(
                        phases,
                        labels.add("phase", StatusJson.word(phase)),
                        ofApp.phases().getOrDefault(phase, Distribution.NONE));
            }
            ofApp.lastDecided().ifPresent(last -> add(successful, labels, last.result() == Result.FAILED ? 0 : 1));
            add(unloads, labels, ofApp.unloads());
            add(kept, labels, ofApp.keptAlive());
        }

        private void add(Labels labels, Status.Socket socket) {
            add(accepted, labels, socket.tally().accepted());
            add(open, labels, (double) socket.tally().open());
            for (Departure how : Departure.values()) {
                add(left, labels.add("how", StatusJson.word(how)), socket.left().getOrDefault(how, 0L));
            }
            add(held, labels, socket.waits().now());
            add(heldSeconds, labels, socket.waits().times());
            add(expired, labels, socket.waits().expired());
            add(refused, labels, socket.refusedHeaders());
            socket.tls().ifPresent(tls -> add(labels, tls));
        }

        /** Of several certificates with the same first name, as for several kinds of keys, the one that expires first. */
        private void add(Labels labels, Status.Tls tls) {
            Map<String, Long> ends = new TreeMap<>();
            for (Status.Certificate certificate : tls.certificates()) {
                String name = certificate.names().stream().findFirst().orElse("");
                ends.merge(name, certificate.notAfter().getEpochSecond(), Math::min);
            }
            ends.forEach((name, end) -> add(notAfter, labels.add("name", name), (double) end));
        }

        private static void add(CounterSnapshot.Builder metric, Labels labels, long value) {
            metric.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value((double) value)
                    .build());
        }

        private static void add(GaugeSnapshot.Builder metric, Labels labels, double value) {
            metric.dataPoint(
                    GaugeDataPointSnapshot.builder().labels(labels).value(value).build());
        }

        private static void add(HistogramSnapshot.Builder metric, Labels labels, Distribution values) {
            List<Double> bounds = new ArrayList<>(values.bounds());
            bounds.add(Double.POSITIVE_INFINITY);
            metric.dataPoint(HistogramDataPointSnapshot.builder()
                    .labels(labels)
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, values.counts()))
                    .sum(values.sum())
                    .build());
        }

        MetricSnapshots all(MetricSnapshot info) {
            return MetricSnapshots.of(
                    info,
                    generation.build(),
                    generations.build(),
                    swaps.build(),
                    phases.build(),
                    successful.build(),
                    successTime.build(),
                    accepted.build(),
                    open.build(),
                    left.build(),
                    held.build(),
                    heldSeconds.build(),
                    expired.build(),
                    refused.build(),
                    notAfter.build(),
                    kept.build(),
                    unloads.build());
        }

        private static CounterSnapshot.Builder counter(String name, String help) {
            return CounterSnapshot.builder().name(name).help(help);
        }

        private static GaugeSnapshot.Builder gauge(String name, String help) {
            return GaugeSnapshot.builder().name(name).help(help);
        }

        private static HistogramSnapshot.Builder histogram(String name, String help) {
            return HistogramSnapshot.builder().name(name).help(help);
        }
    }

    private final MetricSnapshot info;

    Metrics(String version) {
        info = InfoSnapshot.builder()
                .name("supervisor_build")
                .help("The version of the supervisor, and of the Java that it runs on")
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "version", version, "java", Runtime.version().toString()))
                        .build())
                .build();
    }

    /** @param accept the header of that name; the first form that it names, else that of Prometheus */
    Page of(List<NamedSupervisor> supervisors, String accept) {
        Collected collected = new Collected();
        supervisors.forEach(supervisor ->
                collected.add(supervisor.name(), supervisor.status().get()));
        ExpositionFormatWriter writer = FORMATS.stream()
                .filter(format -> format.accepts(accept))
                .findFirst()
                .orElse(PROMETHEUS);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, collected.all(info), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // in memory
        }
        return new Page(writer.getContentType(), text.toString(StandardCharsets.UTF_8));
    }
}
