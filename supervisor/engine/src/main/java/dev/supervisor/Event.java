package dev.supervisor;

import dev.supervisor.text.VisibleText;

import dev.supervisor.failure.PlainText;
import dev.supervisor.Held;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Something that happened to a supervisor. {@link #text()} is the line for people. */
public sealed interface Event {

    /** Of what a generation has left, say: an application may have started thousands of threads. */
    int MOST_LINES = 30;

    /** Without a line feed at the end. */
    String text();

    /** A socket is bound and accepts. */
    record Listening(String name, String type, InetSocketAddress address) implements Event {
        @Override
        public String text() {
            return "~> " + type + "://" + NetUtil.toSocketAddressString(address) + (type.equals("http") ? "/" : "")
                    + (name.equals(type) ? "" : "  (" + name + ")");
        }
    }

    /**
     * Pages in browsers refresh themselves after a swap.
     *
     * @param script what a page includes for that
     * @param injected whether the supervisor puts that into pages
     */
    record Refreshing(URI script, boolean injected) implements Event {
        @Override
        public String text() {
            return "~> " + script + "  (pages that include it refresh themselves"
                    + (injected ? "; put into HTML)" : ")");
        }
    }

    /** A new generation was asked for, by a key, by a signal, or by {@link Supervisor#swap}, whether or not a file has changed. */
    record SwapAsked() implements Event {
        @Override
        public String text() {
            return "swap asked for";
        }
    }

    /** A file of the build has changed; new work waits from now on (hold), or does not (overlap). */
    record Changed(Path path) implements Event {
        @Override
        public String text() {
            return "changed: " + fromHere(path);
        }
    }

    /** The build tool has been started. */
    record Building(String command) implements Event {
        @Override
        public String text() {
            return "building: " + command;
        }
    }

    /** A line that the build tool has printed. */
    record BuildOutput(String line) implements Event {
        @Override
        public String text() {
            return "  " + line;
        }
    }

    /** The build tool has ended well. */
    record Built(Duration took) implements Event {
        @Override
        public String text() {
            return "built in " + seconds(took);
        }
    }

    /**
     * The build tool has been started again and again, since a source has changed each time before it had ended. Said once
     * in a row.
     *
     * @param watchedByName whether it is one of those that {@code --watch} names, which are never ignored
     */
    record Restless(int times, Path source, boolean watchedByName) implements Event {
        @Override
        public String text() {
            return "the build was begun anew " + times + " times, since " + fromHere(source)
                    + " or another source has changed each time ("
                    + howToIgnore(source, watchedByName, "the build or the application writes there") + ")";
        }
    }

    /**
     * The sources are built although they go on changing; said once, and not again before they have settled.
     *
     * @param source the last that has changed
     * @param watchedByName whether it is one of those that {@code --watch} names, which are never ignored
     */
    record Unsettled(Path source, boolean watchedByName) implements Event {
        @Override
        public String text() {
            return "the sources don't settle, " + fromHere(source)
                    + " is the last that has changed: building all the same ("
                    + howToIgnore(source, watchedByName, "it is no source") + ")";
        }
    }

    /** The build is incomplete or gone; another change is supposed to mend that soon. */
    record Awaiting(Problem problem) implements Event {
        @Override
        public String text() {
            return "waiting for the build to be complete: " + problem.summary();
        }
    }

    /**
     * A generation has taken over.
     *
     * @param loaded from the moment that the snapshot was begun, settling included
     * @param since when the first answer of its own was possible
     * @param held what had waited for it
     */
    record Serving(int generation, String build, Duration loaded, Duration started, Instant since, Held held)
            implements Event {
        @Override
        public String text() {
            String serving = "generation " + generation + " serving " + build + ": loaded " + millis(loaded)
                    + ", started " + millis(started);
            return held.count() == 0
                    ? serving
                    : serving + ", held " + count(held.count(), "connection") + " for at most "
                            + millis(held.longest());
        }
    }

    /** A generation has started, but the build has changed meanwhile, so that no connection was given to it yet. */
    record Outdated(int generation) implements Event {
        @Override
        public String text() {
            return "generation " + generation + " is outdated before it served: the build has changed again";
        }
    }

    /** The build was written again with the same bytes; the live generation goes on. */
    record Unchanged(int generation) implements Event {
        @Override
        public String text() {
            return "generation " + generation + " goes on: the build has the same bytes as before";
        }
    }

    /** A build does not serve. */
    record Failed(Problem problem, Next next) implements Event {

        /** What follows from it. */
        public enum Next {
            OLD_SERVES("the generation before keeps serving"),
            WAITING("waiting for the next build"),
            /** The machine lacks something. */
            TRYING_AGAIN("trying again every second"),
            /** It may hold what the start needs, and only one can have. */
            AFTER_FORMER("trying once more when the generation before has ended"),
            /** That has ended. */
            AS_BEFORE("as before the generation before had ended; waiting for the next build"),
            /** With what has changed since. */
            SUPERSEDED("a build of what has changed since follows");

            private final String text;

            Next(String text) {
                this.text = text;
            }
        }

        @Override
        public String text() {
            return next == Next.AS_BEFORE ? brief() : PlainText.chain(problem) + consequence();
        }

        /** Its first line, and what follows from it, for whom has seen the output of the build. */
        public String brief() {
            return VisibleText.of(problem.summary()) + consequence();
        }

        /** With some lines between the summary and what follows from it. */
        public String with(List<String> lines) {
            return VisibleText.of(problem.summary() + "\n  " + String.join("\n  ", lines)) + consequence();
        }

        private String consequence() {
            return "\n  " + next.text;
        }
    }

    /** A listener that the live generation does not serve; its connections are held. */
    record NotServed(int generation, String listener) implements Event {
        @Override
        public String text() {
            return "generation " + generation + " does not serve the socket '" + listener + "': its connections wait";
        }
    }

    /** A former generation has not finished yet; said once, if that takes its time. */
    record Draining(int generation, int connections, Duration drainTimeout) implements Event {
        @Override
        public String text() {
            return "generation " + generation + " finishes what it had begun on " + count(connections, "connection")
                    + ", within " + seconds(drainTimeout);
        }
    }

    /** The drain deadline has passed, or has been brought forward. */
    record DrainTimedOut(int generation, int connections, Duration after) implements Event {
        @Override
        public String text() {
            return "generation " + generation + " still holds " + count(connections, "connection") + " after "
                    + seconds(after) + ": closing them";
        }
    }

    /** A generation has been closed; what it held has been taken back. */
    record Ended(int generation, Duration drained, Ledger ledger) implements Event {

        private static final Map<Departure, String> WORDS = Map.of(
                Departure.MOVED_IDLE, "moved on idle",
                Departure.MOVED_AFTER_RESPONSE, "moved on after a response",
                Departure.HANDED_OFF, "handed off",
                Departure.FINISHED, "finished",
                Departure.ENDED_BY_PEER, "ended by the peer",
                Departure.ENDED_BY_APPLICATION, "ended by the application",
                Departure.ENDED_AT_DEADLINE, "closed at the deadline",
                Departure.ENDED_AT_STOP, "closed");

        @Override
        public String text() {
            String ended = "generation " + generation + " ended after " + seconds(drained);
            return ledger.total() == 0
                    ? ended
                    : ended + "; " + count(ledger.total(), "connection") + ": " + departures() + held();
        }

        private String departures() {
            return Arrays.stream(Departure.values())
                    .filter(departure -> ledger.count(departure) > 0)
                    .map(departure -> ledger.count(departure) + " " + WORDS.get(departure))
                    .collect(Collectors.joining(", "));
        }

        private String held() {
            return ledger.held() == 0 ? "" : " (" + ledger.held() + " with a request that waited)";
        }
    }

    /** The classes of an ended generation have been collected: nothing is left of it. */
    record Unloaded(int generation, Duration after) implements Event {
        @Override
        public String text() {
            return "generation " + generation + " unloaded after " + seconds(after);
        }
    }

    /**
     * An ended generation had left something in a place that all share, or threads of its own; that has been cleared.
     *
     * @param left what that was, in words for the author of the application
     */
    record LeftBehind(int generation, List<String> left) implements Event {
        public LeftBehind {
            left = List.copyOf(left);
        }

        @Override
        public String text() {
            return "generation " + generation + " left behind: " + lines(left);
        }
    }

    /**
     * The classes of an ended generation are still there, though the JVM has collected others since. Said once.
     *
     * @param holders what keeps them, in words for the author of the application
     */
    record KeptAlive(int generation, Duration after, List<String> holders) implements Event {
        public KeptAlive {
            holders = List.copyOf(holders);
        }

        @Override
        public String text() {
            return "generation " + generation + " is kept alive: " + lines(holders);
        }
    }

    /**
     * A generation has ended, but threads of it don't end, so that it stays in memory. It does not keep the next build from
     * being served.
     *
     * @param threads what each does, with its stack
     * @param generations how many there are of which threads run on
     * @param classes how many these have loaded
     * @param metaspace bytes that all classes of the JVM take
     */
    record RunsOn(int generation, List<String> threads, int generations, int classes, long metaspace) implements Event {
        public RunsOn {
            threads = List.copyOf(threads);
        }

        @Override
        public String text() {
            return "generation " + generation + " ended, but " + count(threads.size(), "thread") + " of it can't be: "
                    + lines(threads) + "\n  " + cost();
        }

        private String cost() {
            return (generations == 1 ? "it stays" : "with it " + generations + " generations stay")
                    + " in memory until " + (generations == 1 ? "that ends" : "their threads end")
                    + " or the supervisor is restarted: " + classes + " classes; the metaspace holds "
                    + (metaspace >> 20) + " MiB";
        }
    }

    /** There may be no more generations at a time: the oldest that drains has to make room for the next one. */
    record Full(int oldestThatLeaves, int generations) implements Event {
        @Override
        public String text() {
            return "there are " + generations + " generations: generation " + oldestThatLeaves
                    + " is given no more time to finish (--max-generations, --drain-timeout)";
        }
    }

    /**
     * The memory for classes runs low.
     *
     * @param pool its name
     * @param generations who holds it, a line for each
     */
    record MetaspaceLow(String pool, long used, long max, List<String> generations) implements Event {
        public MetaspaceLow {
            generations = List.copyOf(generations);
        }

        @Override
        public String text() {
            return "the " + pool + " is nearly full, " + (used >> 20) + " of " + (max >> 20) + " MiB: "
                    + lines(generations);
        }
    }

    /** No more connections are accepted. */
    record Stopping(Duration drainTimeout) implements Event {
        @Override
        public String text() {
            return "stopping: waiting up to " + seconds(drainTimeout)
                    + " for what was begun (interrupt again to end at once)";
        }
    }

    /** One on the same line, several below it; of very many the first. */
    private static String lines(List<String> lines) {
        if (lines.size() == 1) {
            return lines.get(0);
        }
        int more = lines.size() - MOST_LINES;
        return "\n  "
                + String.join("\n  ", more <= 0 ? lines : lines.subList(0, MOST_LINES))
                + (more <= 0 ? "" : "\n  and " + more + " more");
    }

    private static Path fromHere(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }

    private static String howToIgnore(Path source, boolean watchedByName, String condition) {
        return "if " + condition + ", "
                + (watchedByName ? "take it out of --watch" : "add --ignore '" + toIgnore(source) + "'");
    }

    /** Elsewhere {@code --ignore} knows no path from here, but any file by its name. */
    private static Path toIgnore(Path source) {
        Path path = fromHere(source);
        Path name = path.getFileName();
        return path.isAbsolute() && name != null ? name : path;
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
