package dev.supervisor.load;

import dev.supervisor.load.LoadResult.Example;
import dev.supervisor.load.LoadResult.ReloadResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats a result, and the progress before it, as text. */
public final class Report {

    private static final int MOST_RELOADS = 20;
    private static final String ROW = "  %-16s %s";

    private Report() {}

    /** Returns the line that is shown while the test runs. */
    public static String line(LoadProgress progress) {
        return format(
                "%6.1f s  %9.0f/s  %s  %d in flight  %d reloads  %s",
                progress.seconds(),
                progress.rate(),
                latency(progress),
                progress.underWay(),
                progress.reloads(),
                progress.failures() == 0 ? "no failures" : progress.failures() + " FAILURES");
    }

    private static String latency(LoadProgress progress) {
        Double p50 = progress.p50();
        Double p99 = progress.p99();
        Double max = progress.max();
        return p50 == null || p99 == null || max == null
                ? "no answers"
                : format("p50 %8.3f  p99 %8.3f  max %8.3f ms", p50, p99, max);
    }

    public static List<String> lines(LoadResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%s%s: %s%s for %.1f s%s",
                result.url(),
                at(result),
                count(result.connections(), "connection"),
                how(result),
                result.seconds(),
                result.interrupted() ? " (interrupted)" : ""));
        lines.add(
                format(ROW, "requests", format("%,d, %,.0f answers/s", result.requests(), result.requestsPerSecond())));
        if (!result.latency().isEmpty()) {
            lines.add(format(ROW, "latency", latency(result)));
        }
        lines.add(format(
                ROW,
                "longest stall",
                format(
                        "%.3f ms without an answer, %.3f s after the start",
                        result.longestStall().millis(), result.longestStall().at())));
        lines.add(format(
                ROW,
                "connections",
                format(
                        "%,d opened, %,d closed by the other side",
                        result.connectionsOpened(), result.connectionsClosedByPeer())));
        addReloads(result.reloads(), lines);
        addFailures(result, lines);
        return lines;
    }

    /** Returns the address if the URL does not contain it. */
    private static String at(LoadResult result) {
        return result.url().contains(result.address()) ? "" : " (" + result.address() + ")";
    }

    private static String how(LoadResult result) {
        String pipelined = result.pipeline() > 1 ? ", " + result.pipeline() + " requests at a time on each" : "";
        String pace = result.rate() == null
                ? ", each asking when it has its answer"
                : format(", %,.0f requests/s due at fixed times", result.rate());
        return switch (result.mode()) {
                    case "connect" -> ", a new one for each request";
                    case "mixed" -> ", half of them a new one for each request";
                    default -> "";
                }
                + pipelined
                + pace;
    }

    private static String latency(LoadResult result) {
        return result.latency().entrySet().stream()
                .map(entry -> format("%s %.3f", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("  ", "", "  (ms)"));
    }

    private static void addReloads(List<ReloadResult> reloads, List<String> lines) {
        if (reloads.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("  reload        at   first new answer   longest wait   failures");
        List<ReloadResult> worst = reloads.stream()
                .sorted(Comparator.comparing((ReloadResult r) -> r.error() == null)
                        .thenComparing(Comparator.comparingLong(ReloadResult::failures)
                                .thenComparingDouble(ReloadResult::longestWaitMillis)
                                .reversed()))
                .limit(MOST_RELOADS)
                .sorted(Comparator.comparingInt(ReloadResult::number))
                .toList();
        worst.forEach(reload -> addReload(reload, lines));
        if (worst.size() < reloads.size()) {
            lines.add("  and " + (reloads.size() - worst.size())
                    + " more with shorter waits (the result as JSON has all)");
        }
    }

    private static void addReload(ReloadResult reload, List<String> lines) {
        String first = reload.firstAnswerMillis() == null ? "-" : format("%.3f ms", reload.firstAnswerMillis());
        lines.add(format(
                "  %6d %7.3f s %18s %11.3f ms %10d",
                reload.number(), reload.at(), first, reload.longestWaitMillis(), reload.failures()));
        if (reload.error() != null) {
            lines.add("         " + reload.error());
        }
    }

    private static void addFailures(LoadResult result, List<String> lines) {
        lines.add("");
        long failedReloads = result.reloads().stream()
                .filter(reload -> reload.error() != null)
                .count();
        if (failedReloads > 0) {
            lines.add("  " + count(failedReloads, "reload") + " FAILED");
        }
        if (result.unanswered() > 0) {
            lines.add("  " + count(result.unanswered(), "request") + " in flight when it was interrupted");
        }
        if (result.answers() == 0) {
            lines.add("  no request was answered");
        }
        if (result.failed() == 0) {
            lines.add("  no request failed");
            return;
        }
        lines.add(format("  %s FAILED", count(result.failed(), "request")));
        for (RequestFailure kind : RequestFailure.values()) {
            long count = result.failures().getOrDefault(kind.key(), 0L);
            if (count > 0) {
                lines.add(format("  %,10d %s%s", count, kind.meaning(), example(kind, result)));
            }
        }
    }

    private static String example(RequestFailure kind, LoadResult result) {
        return result.examples().stream()
                .filter(example -> example.kind().equals(kind.key()))
                .map(Report::text)
                .findFirst()
                .orElse("");
    }

    private static String text(Example example) {
        return format("; first after %.3f s: %s", example.at(), example.detail());
    }

    private static String count(long count, String what) {
        return format("%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
