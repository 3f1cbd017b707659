package dev.supervisor.load;

import dev.supervisor.load.LoadResult.Example;
import dev.supervisor.load.LoadResult.ReloadResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Formats a result, and the progress before it, as text of 80 columns; names and messages may need more. */
public final class Report {

    private static final int MOST_RELOADS = 20;
    private static final int FIGURES_OF_A_LINE = 4;
    private static final String ROW = "  %-16s %s";

    private Report() {}

    /** Returns the line that is shown while the test runs. */
    public static String line(LoadProgress progress) {
        return format(
                "%5.1f s %7.0f/s  %s  %s  %d %s",
                progress.seconds(),
                progress.rate(),
                latency(progress),
                count(progress.reloads(), "reload"),
                progress.failures(),
                progress.failures() == 0 ? "failed" : "FAILED");
    }

    private static String latency(LoadProgress progress) {
        Double p50 = progress.p50();
        Double p99 = progress.p99();
        Double max = progress.max();
        return p50 == null || p99 == null || max == null
                ? progress.underWay() + " in flight, none answered"
                : format("p50 %5.2f  p99 %6.2f  max %6.2f ms", p50, p99, max);
    }

    public static List<String> lines(LoadResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%s%s: %.1f s%s",
                result.url(), at(result), result.seconds(), result.interrupted() ? " (interrupted)" : ""));
        lines.add(format(ROW, "load", count(result.connections(), "connection") + how(result)));
        lines.add(format(ROW, "", pace(result)));
        lines.add(
                format(ROW, "requests", format("%,d, %,.0f answers/s", result.requests(), result.requestsPerSecond())));
        if (!result.latency().isEmpty()) {
            addLatency(result.latency(), lines);
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
        return switch (result.mode()) {
            case "connect" -> ", a new one for each request";
            case "mixed" -> ", half of them a new one for each request";
            default -> "";
        };
    }

    private static String pace(LoadResult result) {
        String pace = result.rate() == null
                ? "each asks when it has its answer"
                : format("%,.0f requests/s, due at fixed times", result.rate());
        return result.pipeline() > 1 ? pace + ", " + result.pipeline() + " at a time" : pace;
    }

    private static void addLatency(Map<String, Double> latency, List<String> lines) {
        List<String> figures = latency.entrySet().stream()
                .map(entry -> format("%s %.3f", entry.getKey(), entry.getValue()))
                .toList();
        for (int i = 0; i < figures.size(); i += FIGURES_OF_A_LINE) {
            int end = Math.min(figures.size(), i + FIGURES_OF_A_LINE);
            String unit = end == figures.size() ? " ms" : "";
            lines.add(format(ROW, i == 0 ? "latency" : "", String.join("  ", figures.subList(i, end)) + unit));
        }
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
