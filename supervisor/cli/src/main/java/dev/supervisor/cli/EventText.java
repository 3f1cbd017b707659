package dev.supervisor.cli;

import dev.supervisor.Departure;
import dev.supervisor.Event;
import dev.supervisor.Event.Failed.Next;
import dev.supervisor.Ledger;
import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.failure.PlainText;
import dev.supervisor.failure.TestsText;
import dev.supervisor.text.Plural;
import dev.supervisor.text.VisibleText;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats events in English, as the transcript prints them. */
final class EventText {

    /** The most lines printed of one list: an application may leave thousands of threads behind, for example. */
    private static final int MOST_LINES = 30;

    private static final Map<Departure, String> DEPARTURES = Map.of(
            Departure.MOVED_IDLE, "moved on idle",
            Departure.MOVED_AFTER_RESPONSE, "moved on after a response",
            Departure.HANDED_OFF, "handed off",
            Departure.FINISHED, "finished",
            Departure.ENDED_BY_PEER, "ended by the peer",
            Departure.ENDED_BY_APPLICATION, "ended by the application",
            Departure.ENDED_AT_DEADLINE, "closed at the deadline",
            Departure.ENDED_AT_STOP, "closed");

    private static final Map<Class<?>, Function<Event, String>> TEXTS = new HashMap<>();

    static {
        text(Event.Listening.class, EventText::listening);
        text(Event.CertificatesLoaded.class, CertificateText::loaded);
        text(
                Event.CertificatesRefused.class,
                event -> "the certificates of '" + event.listener() + "' stay as they are: " + event.why());
        text(Event.CertificateExpires.class, CertificateText::expires);
        text(Event.AuthorityMade.class, CertificateText::authority);
        text(
                Event.Refreshing.class,
                event -> "~> " + event.script() + "  (pages that include it refresh themselves"
                        + (event.injected() ? "; put into HTML)" : ")"));
        text(
                Event.NotInjected.class,
                event -> generation(event.generation())
                        + " is a program: --refresh inject puts nothing into its pages (have them include the script whose"
                        + " address was printed, by <script src=...>)");
        text(Event.SwapAsked.class, event -> "swap asked for");
        text(
                Event.RollbackAsked.class,
                event -> "rollback asked for, to " + event.build() + " of " + generation(event.generation())
                        + "; paused: what changes is noted, and swapped after 'resume'");
        text(Event.Paused.class, event -> "paused: what changes is noted, and swapped after 'resume'");
        text(Event.Noted.class, event -> "noted in the pause: " + fromHere(event.path()) + " has changed");
        text(
                Event.Resumed.class,
                event ->
                        event.swaps() ? "resumed: a swap of what has changed follows" : "resumed: nothing has changed");
        text(
                Event.Withdrawn.class,
                event -> event.clientsTold()
                        ? "draining: each answer tells its client to leave, until 'resume' or the stop"
                        : "draining: /readyz of --admin says so, until 'resume' or the stop; clients are not told, since a"
                                + " program writes its answers itself");
        text(Event.Changed.class, event -> "changed: " + fromHere(event.path()));
        text(Event.Building.class, event -> "building: " + event.command());
        text(Event.BuildOutput.class, event -> "  " + event.line());
        text(Event.Built.class, EventText::built);
        text(Event.Testing.class, event -> "testing " + count(event.classes(), "class"));
        text(Event.Tested.class, TestsText::of);
        text(Event.NotTested.class, TestsText::of);
        text(Event.Restless.class, EventText::restless);
        text(Event.Unsettled.class, EventText::unsettled);
        text(
                Event.Awaiting.class,
                event -> "waiting for the build to be complete: "
                        + event.problem().summary());
        text(Event.Serving.class, EventText::serving);
        text(
                Event.Checked.class,
                event -> generation(event.generation()) + " has passed " + count(event.checks(), "check") + " in "
                        + millis(event.took()));
        text(Event.WarmedUp.class, EventText::warmedUp);
        text(
                Event.Outdated.class,
                event -> generation(event.generation()) + " is outdated before it served: the build has changed again");
        text(
                Event.Unchanged.class,
                event -> generation(event.generation()) + " goes on: the build has the same bytes as before");
        text(
                Event.Failed.class,
                event -> event.next() == Next.AS_BEFORE
                        ? brief(event)
                        : PlainText.chain(event.problem()) + consequence(event));
        text(
                Event.NotServed.class,
                event -> generation(event.generation()) + " does not serve the socket '" + event.listener()
                        + "': what comes there waits");
        text(
                Event.PortClosed.class,
                event -> generation(event.generation()) + " does not listen on " + place(event.address())
                        + ": the port is closed");
        text(
                Event.DatagramsLost.class,
                event -> count(event.count(), "datagram") + " to '" + event.listener() + "' "
                        + (event.count() == 1 ? "was" : "were") + " lost: the receive buffer of "
                        + event.receiveBuffer() + " bytes was full (--receive-buffer asks for more; on Linux the sysctl"
                        + " net.core.rmem_max limits it)");
        text(
                Event.Draining.class,
                event -> generation(event.generation()) + " finishes what it had begun on "
                        + count(event.connections(), "connection") + ", within " + seconds(event.drainTimeout()));
        text(
                Event.DrainTimedOut.class,
                event -> generation(event.generation()) + " still holds " + count(event.connections(), "connection")
                        + " after " + seconds(event.after()) + ": closing them");
        text(Event.Ended.class, EventText::ended);
        text(
                Event.Unloaded.class,
                event -> generation(event.generation()) + " unloaded after " + seconds(event.after()));
        text(Event.LeftBehind.class, event -> generation(event.generation()) + " left behind: " + lines(event.left()));
        text(
                Event.KeptAlive.class,
                event -> generation(event.generation()) + " is kept alive: " + lines(event.holders()));
        text(Event.RunsOn.class, EventText::runsOn);
        text(
                Event.Full.class,
                event -> "there are " + event.generations() + " generations: "
                        + generation(event.oldestThatLeaves())
                        + " is given no more time to finish (--max-generations, --drain-timeout)");
        text(
                Event.MetaspaceLow.class,
                event -> "the " + event.pool() + " is nearly full, " + mebibytes(event.used()) + " of "
                        + mebibytes(event.max()) + " MiB: " + lines(describe(event.generations())));
        text(
                Event.Stopping.class,
                event -> "stopping: "
                        + (event.delay().isZero() ? "" : "accepting for " + seconds(event.delay()) + " more, then ")
                        + "waiting up to " + seconds(event.drainTimeout())
                        + " for what was begun (a second signal ends at once)");
    }

    private EventText() {}

    private static <E extends Event> void text(Class<E> type, Function<E, String> text) {
        TEXTS.put(type, event -> text.apply(type.cast(event)));
    }

    /** Returns the lines of an event, without a line feed at the end. */
    static String of(Event event) {
        return Objects.requireNonNull(TEXTS.get(event.getClass())).apply(event);
    }

    /** Returns an event in one line that is safe to show, without the output of a build. */
    static String line(Event event) {
        String text = event instanceof Event.Failed failed ? brief(failed) : of(event);
        return VisibleText.of(text).lines().map(String::strip).collect(Collectors.joining("; "));
    }

    /** Returns a failure's summary and its consequence, without the build's output, which has been printed already. */
    static String brief(Event.Failed event) {
        return VisibleText.of(event.problem().summary()) + consequence(event);
    }

    /** Returns a failure's summary, these lines, and its consequence. */
    static String with(Event.Failed event, List<String> lines) {
        Problem problem = event.problem();
        return VisibleText.of(problem.summary() + "\n  " + String.join("\n  ", lines)) + consequence(event);
    }

    private static String consequence(Event.Failed event) {
        return "\n  "
                + switch (event.next()) {
                    case OLD_SERVES -> "the generation before keeps serving";
                    case BROUGHT_BACK -> "the generation before serves again";
                    case WAITING -> "waiting for the next build";
                    case TRYING_AGAIN -> "trying again every second";
                    case AFTER_FORMER -> "trying once more when the generation before has ended";
                    case AS_BEFORE -> "the end of the generation before did not help; waiting for the next build";
                    case SUPERSEDED -> "a build of what has changed since follows";
                    case ENDING -> "stopping, as --fail-fast asks for";
                };
    }

    private static String listening(Event.Listening event) {
        return event.address() instanceof InetSocketAddress address
                ? SocketLine.ofInternet(event.name(), event.protocol(), NetUtil.toSocketAddressString(address))
                : SocketLine.ofUnix(
                        event.name(), event.protocol(), event.address().toString());
    }

    private static String place(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? NetUtil.toSocketAddressString(inet) : address.toString();
    }

    private static String restless(Event.Restless event) {
        return "the build was begun anew " + event.times() + " times, since " + fromHere(event.source())
                + " or another source has changed each time ("
                + howToIgnore(event.source(), event.watchedByName(), "the build or the application writes there")
                + ")";
    }

    private static String unsettled(Event.Unsettled event) {
        return "the sources don't settle, " + fromHere(event.source())
                + " is the last that has changed: building all the same ("
                + howToIgnore(event.source(), event.watchedByName(), "it is no source") + ")";
    }

    private static String serving(Event.Serving event) {
        String serving = generation(event.generation()) + " serving " + event.build() + ": loaded "
                + millis(event.loaded()) + ", started " + millis(event.started());
        return event.held().count() == 0
                ? serving
                : serving + ", held " + count(event.held().count(), "connection") + " for at most "
                        + millis(event.held().longest());
    }

    private static String warmedUp(Event.WarmedUp event) {
        return generation(event.generation()) + " has answered " + count(event.requests(), "request")
                + " to warm up in " + millis(event.took())
                + (event.failures() == 0 ? "" : ", with " + count(event.failures(), "failure"))
                + (event.steady() ? "" : ", and was not steady yet");
    }

    private static String ended(Event.Ended event) {
        Ledger ledger = event.ledger();
        String ended = generation(event.generation()) + " ended after " + seconds(event.drained());
        return ledger.total() == 0
                ? ended
                : ended + "; " + count(ledger.total(), "connection") + ": " + departures(ledger)
                        + (ledger.held() == 0 ? "" : " (" + ledger.held() + " with a request that waited)");
    }

    private static String departures(Ledger ledger) {
        return Arrays.stream(Departure.values())
                .filter(departure -> ledger.count(departure) > 0)
                .map(departure -> ledger.count(departure) + " " + DEPARTURES.get(departure))
                .collect(Collectors.joining(", "));
    }

    private static String runsOn(Event.RunsOn event) {
        boolean alone = event.generations() == 1;
        return generation(event.generation()) + " ended, but "
                + count(event.threads().size(), "thread") + " of it can't be ended: " + lines(event.threads()) + "\n  "
                + (alone ? "it stays" : "with it " + event.generations() + " generations stay")
                + " in memory until " + (alone ? "that ends" : "their threads end")
                + " or the supervisor is restarted: " + count(event.classes(), "class") + "; the metaspace holds "
                + mebibytes(event.metaspace()) + " MiB";
    }

    /** Returns a line for each generation. */
    static List<String> describe(List<Status.Generation> generations) {
        return generations.stream().map(EventText::describe).toList();
    }

    /** Returns a line for each generation, with the lines of its threads below it. */
    static List<String> describeThreads(List<Status.Threads> threads) {
        return threads.stream()
                .flatMap(each -> Stream.concat(
                        Stream.of(describe(each.generation())),
                        (each.lines().isEmpty() ? List.of("  no thread of its own") : each.lines()).stream()))
                .toList();
    }

    private static String describe(Status.Generation generation) {
        String known = generation(generation.number()) + " (" + word(generation.state()) + "): " + generation.build()
                + ", " + count(generation.classes(), "class");
        boolean ended = generation.state() == Status.State.ENDED || generation.state() == Status.State.RUNNING_ON;
        return ended ? known : known + ", " + count(generation.connections(), "connection");
    }

    private static String word(Status.State state) {
        return switch (state) {
            case STARTING -> "starting";
            case LIVE -> "live";
            case KEPT -> "kept for --watch-errors";
            case DRAINING -> "finishing what it had begun";
            case CUT_SHORT -> "closing what it had begun";
            case ENDED -> "ended, but still in memory";
            case RUNNING_ON -> "ended, but its threads run on";
        };
    }

    /**
     * Returns a single line as it is, and several lines each on an indented line of its own, at most {@link
     * #MOST_LINES}.
     */
    private static String lines(List<String> lines) {
        if (lines.size() == 1) {
            return lines.get(0);
        }
        int more = lines.size() - MOST_LINES;
        return "\n  "
                + String.join("\n  ", more <= 0 ? lines : lines.subList(0, MOST_LINES))
                + (more <= 0 ? "" : "\n  and " + more + " more");
    }

    private static String generation(int number) {
        return "generation " + number;
    }

    /** Returns the path from the working directory, if it is in there. */
    static Path fromHere(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }

    private static String howToIgnore(Path source, boolean watchedByName, String condition) {
        return "if " + condition + ", "
                + (watchedByName ? "take it out of --watch" : "add --ignore '" + toIgnore(source) + "'");
    }

    /**
     * Returns the pattern for {@code --ignore}: the path from the working directory or, for a file elsewhere, the
     * file's name.
     */
    private static Path toIgnore(Path source) {
        Path path = fromHere(source);
        Path name = path.getFileName();
        return path.isAbsolute() && name != null ? name : path;
    }

    private static String count(long number, String noun) {
        return Plural.of(number, noun);
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    private static String built(Event.Built event) {
        int warnings = event.warnings();
        String more = warnings == 0 ? "" : ", with " + count(warnings, "warning");
        return "built in " + seconds(event.took()) + more;
    }
}
