package dev.supervisor;

import dev.supervisor.failure.Problem;
import dev.supervisor.socket.Gate.Held;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Something that happened to a supervisor. {@link #text()} is the line for people. */
public sealed interface Event {

    /** Without a line feed at the end. */
    String text();

    /** A socket is bound and accepts. */
    record Listening(String name, String type, InetSocketAddress address) implements Event {
        @Override
        public String text() {
            return "~> " + type + "://" + hostAndPort() + (type.equals("http") ? "/" : "")
                    + (name.equals(type) ? "" : "  (" + name + ")");
        }

        private String hostAndPort() {
            String host = address.getAddress().getHostAddress();
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
        }
    }

    /** A file of the build has changed; new work waits from now on (hold), or does not (overlap). */
    record Changed(Path path) implements Event {
        @Override
        public String text() {
            return "changed: " + fromHere(path);
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
     * @param held what had waited for it
     */
    record Serving(int generation, String build, Duration loaded, Duration started, Held held) implements Event {
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
    record Failed(Problem problem, boolean oldServes) implements Event {
        @Override
        public String text() {
            return problem.chain()
                    + (oldServes ? "\n  the generation before keeps serving" : "\n  waiting for the next build");
        }
    }

    /** A listener that the live generation does not serve; its connections are held. */
    record NotServed(int generation, String listener) implements Event {
        @Override
        public String text() {
            return "generation " + generation + " does not serve the socket '" + listener + "': its connections wait";
        }
    }

    /** The drain deadline has passed. */
    record DrainTimedOut(int generation, int connections, Duration after) implements Event {
        @Override
        public String text() {
            return "generation " + generation + " still holds " + count(connections, "connection") + " after "
                    + seconds(after) + ": closing them";
        }
    }

    /** A generation has been closed; what it held has been taken back. */
    record Ended(int generation, Duration drained, long moved) implements Event {
        @Override
        public String text() {
            return "generation " + generation + " ended after " + seconds(drained)
                    + (moved == 0 ? "" : ", " + count(moved, "connection") + " moved on");
        }
    }

    /** The classes of an ended generation have been collected: nothing is left of it. */
    record Unloaded(int generation, Duration after) implements Event {
        @Override
        public String text() {
            return "generation " + generation + " unloaded after " + seconds(after);
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

    private static Path fromHere(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
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
