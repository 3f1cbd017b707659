package dev.supervisor.cli.control;

import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.text.Plural;
import dev.supervisor.text.VisibleText;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The status for a terminal. Its first line is enough to tell one supervisor from another; times of today have no date, so that
 * lines with usual names fit into 80 columns.
 */
final class StatusText {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DATE_AND_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** So many ended generations have one line. */
    private static final int MANY = 3;

    private static final String NOT_COLLECTED = " not collected";

    private final Function<Problem, String> problems;
    private final Clock clock;

    /**
     * @param problems returns the lines about a problem
     * @param clock with the time zone of the times
     */
    StatusText(Function<Problem, String> problems, Clock clock) {
        this.problems = problems;
        this.clock = clock;
    }

    /**
     * @param process its id
     * @param places where else it can be asked
     */
    String of(
            long process,
            String version,
            Duration uptime,
            List<String> places,
            List<String> names,
            List<Status> statuses) {
        List<String> lines = new ArrayList<>();
        List<String> summaries = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            summaries.add(summary(names.get(i), statuses.get(i)));
        }
        lines.add("process " + process + ": " + String.join("; ", summaries));
        lines.add("  supervisor " + version + ", Java " + Runtime.version() + ", up for " + duration(uptime));
        places.forEach(place -> lines.add("  " + place));
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
        return name + " " + condition(status) + (places.isEmpty() ? "" : " on " + places)
                + (status.steering().paused() ? " (paused)" : "");
    }

    private static String condition(Status status) {
        return switch (status.condition()) {
            case SERVING, PAUSED -> "is serving";
            case STARTING -> "is starting";
            case SWAPPING -> "is being swapped";
            case FAILED -> status.live().isPresent() ? "has failed, and the build before is serving" : "has failed";
            case DRAINING -> "is draining";
            case STOPPING -> "is stopping";
        };
    }

    private void add(Status status, List<String> lines) {
        if (status.steering().paused()) {
            lines.add(
                    status.steering().noted()
                            ? "  paused: something has changed, and is swapped after 'supervisor resume'"
                            : "  paused: what changes is noted, and swapped after 'supervisor resume'");
        }
        if (status.steering().draining()) {
            lines.add(
                    status.steering().clientsTold()
                            ? "  draining: clients are told to leave, until 'supervisor resume'"
                            : "  draining: /readyz of --admin says so, until 'supervisor resume'; clients of a program are"
                                    + " not told");
        }
        generations(status.generations()).forEach(line -> lines.add("  " + line));
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
                .map(build -> build.number() + " " + build.build() + (build.live() ? " (live)" : ""))
                .toList();
        if (kept.size() > 1) {
            lines.add("  builds for a rollback: " + String.join(", ", kept));
        }
        status.problem().ifPresent(problem -> {
            lines.add("  the newest build does not serve:");
            problems.apply(problem).lines().forEach(line -> lines.add("    " + line));
        });
    }

    /** Returns a line for each; ended ones, which wait for nothing but a collection, have one in common if they are many. */
    private List<String> generations(List<Status.Generation> generations) {
        List<Status.Generation> ended = generations.stream()
                .filter(generation -> generation.state() == Status.State.ENDED)
                .toList();
        List<String> lines = new ArrayList<>();
        if (ended.size() >= MANY) {
            lines.add(Plural.of(ended.size(), "generation") + " from "
                    + ended.get(0).number() + " to "
                    + ended.get(ended.size() - 1).number() + ", ended: "
                    + Plural.of(
                            ended.stream().mapToInt(Status.Generation::classes).sum(), "class")
                    + NOT_COLLECTED);
        }
        generations.stream()
                .filter(generation -> generation.state() != Status.State.ENDED || ended.size() < MANY)
                .forEach(generation -> lines.add(generation(generation)));
        return lines;
    }

    private String generation(Status.Generation generation) {
        String known = "generation " + generation.number() + ", " + state(generation.state()) + " since "
                + time(generation.since()) + ": " + generation.build() + ", "
                + Plural.of(generation.classes(), "class");
        return switch (generation.state()) {
            case ENDED -> known + NOT_COLLECTED;
            case RUNNING_ON -> known + " in memory, since threads of it run on";
            default -> known + ", " + Plural.of(generation.connections(), "connection");
        };
    }

    private static String state(Status.State state) {
        return switch (state) {
            case KEPT -> "kept (for --watch-errors)";
            case RUNNING_ON -> "ended";
            default -> word(state);
        };
    }

    private String swap(Status.Swap swap) {
        String phases = swap.phases().stream()
                .map(phase -> word(phase.phase()) + " " + phase.took().toMillis())
                .collect(Collectors.joining(", "));
        String result = word(swap.result()) + ", " + time(swap.at()) + ", ";
        if (swap.trigger() == Status.Trigger.BROUGHT_BACK) { // which takes no time
            return result + "generation " + swap.generation().orElse(0)
                    + " made too many errors, and the one before was" + " brought back";
        }
        return result + word(swap.trigger()) + ", " + swap.took().toMillis() + " ms"
                + (phases.isEmpty() ? "" : " (" + phases + ")");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private String time(Instant instant) {
        LocalDateTime local = LocalDateTime.ofInstant(instant, clock.getZone());
        boolean isToday = local.toLocalDate().equals(LocalDate.now(clock));
        return (isToday ? TIME : DATE_AND_TIME).format(local);
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
