package dev.supervisor.cli.control;

import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.text.VisibleText;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The status for a terminal. Its first line is enough to tell one supervisor from another. */
final class StatusText {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final Function<Problem, String> problems;

    /** @param problems returns the lines about a problem */
    StatusText(Function<Problem, String> problems) {
        this.problems = problems;
    }

    /** @param process its id */
    String of(long process, String version, Duration uptime, List<String> names, List<Status> statuses) {
        List<String> lines = new ArrayList<>();
        List<String> summaries = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            summaries.add(summary(names.get(i), statuses.get(i)));
        }
        lines.add("process " + process + ": " + String.join("; ", summaries));
        lines.add("  supervisor " + version + ", Java " + Runtime.version() + ", up for " + duration(uptime));
        for (int i = 0; i < names.size(); i++) {
            if (names.size() > 1) {
                lines.add(names.get(i) + ":");
            }
            add(statuses.get(i), lines);
        }
        return String.join("\n", lines);
    }

    private static String summary(String name, Status status) {
        String places = status.sockets().stream()
                .map(socket -> address(socket.address()))
                .collect(Collectors.joining(", "));
        return name + " " + condition(status) + (places.isEmpty() ? "" : " on " + places);
    }

    private static String condition(Status status) {
        return switch (status.condition()) {
            case SERVING -> "is serving";
            case STARTING -> "is starting";
            case SWAPPING -> "is being swapped";
            case PAUSED -> "is serving, and paused";
            case FAILED -> status.live().isPresent() ? "has failed, and the build before is serving" : "has failed";
            case DRAINING -> "is draining";
            case STOPPING -> "is stopping";
        };
    }

    private void add(Status status, List<String> lines) {
        if (status.steering().paused()) {
            lines.add("  paused: what changes is noted, and swapped after 'supervisor resume'");
        }
        if (status.steering().draining()) {
            lines.add("  draining: clients are told to leave, until 'supervisor resume'");
        }
        status.generations().forEach(generation -> lines.add("  " + generation(generation)));
        status.sockets()
                .forEach(socket -> lines.add("  socket " + socket.name() + ", " + socket.protocol() + " on "
                        + address(socket.address()) + ": " + socket.tally().open() + " open, "
                        + socket.waits().now() + " waiting, " + socket.tally().accepted() + " accepted"));
        status.sockets()
                .forEach(socket -> socket.tls()
                        .ifPresent(tls -> tls.certificates()
                                .forEach(certificate -> lines.add("  certificate of " + socket.name() + ", "
                                        + VisibleText.of(String.join(", ", certificate.names())) + ": until "
                                        + time(certificate.notAfter()) + ", TLS by " + tls.engine()))));
        status.swaps().recent().stream().findFirst().ifPresent(swap -> lines.add("  last swap: " + swap(swap)));
        List<String> kept = status.steering().builds().stream()
                .map(build -> build.build() + " of generation " + build.number() + (build.live() ? " (live)" : ""))
                .toList();
        if (kept.size() > 1) {
            lines.add("  builds for a rollback, newest first: " + String.join(", ", kept));
        }
        status.problem().ifPresent(problem -> {
            lines.add("  the newest build does not serve:");
            problems.apply(problem).lines().forEach(line -> lines.add("    " + line));
        });
    }

    private static String generation(Status.Generation generation) {
        return "generation " + generation.number() + ", " + word(generation.state()) + " since "
                + time(generation.since()) + ": " + generation.build() + ", " + generation.classes() + " classes, "
                + generation.connections() + " connections";
    }

    private static String swap(Status.Swap swap) {
        String phases = swap.phases().stream()
                .map(phase -> word(phase.phase()) + " " + phase.took().toMillis())
                .collect(Collectors.joining(", "));
        return word(swap.result()) + ", " + time(swap.at()) + ", " + word(swap.trigger()) + ", "
                + swap.took().toMillis() + " ms" + (phases.isEmpty() ? "" : " (" + phases + ")");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    private static String duration(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + " d " + duration.toHoursPart() + " h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toMinutes() > 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : duration.toSeconds() + " s";
    }

    /** Returns the ports of all sockets that have one. */
    static String ports(List<Status> statuses) {
        return statuses.stream()
                .flatMap(status -> status.sockets().stream())
                .filter(socket -> socket.address() instanceof InetSocketAddress)
                .map(socket -> Integer.toString(((InetSocketAddress) socket.address()).getPort()))
                .collect(Collectors.joining(" "));
    }

    private static String address(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return address.toString();
        }
        String host = inet.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
    }
}
