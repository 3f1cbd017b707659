package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Event;
import dev.supervisor.Event.Failed.Next;
import dev.supervisor.Held;
import dev.supervisor.Ledger;
import dev.supervisor.Problem;
import dev.supervisor.Protocol;
import dev.supervisor.Status;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TranscriptTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final Event LISTENING =
            new Event.Listening("http", Protocol.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));
    private static final Event SERVING = new Event.Serving(1, "app.jar", SECOND, SECOND, Instant.EPOCH, Held.NONE);
    private static final Event FAILED = new Event.Failed(Problem.of("broken"), Next.WAITING);
    private static final Event NOT_SERVED = new Event.NotServed(1, "admin");
    private static final Event TIMED_OUT = new Event.DrainTimedOut(1, 1, SECOND);
    private static final Event STOPPING = new Event.Stopping(Duration.ZERO, SECOND);

    private static final Status.Certificate CERTIFICATE =
            new Status.Certificate(List.of("localhost"), Instant.EPOCH, Instant.EPOCH, Path.of("cert.pem"));

    private static final List<Event> IMPORTANT = List.of(
            LISTENING,
            new Event.Refreshing(URI.create("http://localhost/refresh.js"), false),
            new Event.PortClosed(2, "port-81", new InetSocketAddress(InetAddress.getLoopbackAddress(), 81)),
            FAILED,
            NOT_SERVED,
            new Event.NotInjected(1),
            new Event.CertificatesRefused("https", "it is empty"),
            new Event.CertificateExpires("https", CERTIFICATE, SECOND),
            new Event.AuthorityMade(Path.of("ca.pem"), false),
            new Event.DatagramsLost("udp", 1, 1),
            new Event.Restless(5, Path.of("A.java"), false),
            new Event.Unsettled(Path.of("A.java"), false),
            TIMED_OUT,
            new Event.NotTested("a test does not end", List.of()),
            new Event.LeftBehind(1, List.of("a thread")),
            new Event.KeptAlive(1, SECOND, List.of("a thread")),
            new Event.RunsOn(1, List.of("a thread"), 1, 1, 1),
            new Event.Full(1, 2),
            new Event.MetaspaceLow("Metaspace", 1, 1, List.of()));
    private static final List<Event> OTHERS = List.of(
            SERVING,
            STOPPING,
            new Event.SwapAsked(),
            new Event.CertificatesLoaded(
                    "https", new Status.Tls("JDK", List.of(CERTIFICATE)), List.of("http/1.1"), false),
            new Event.RollbackAsked(1, "app.jar"),
            new Event.Paused(),
            new Event.Noted(Path.of("app.jar")),
            new Event.Resumed(true),
            new Event.Withdrawn(true),
            new Event.Building("make"),
            new Event.BuildOutput("said"),
            new Event.Built(SECOND, 0),
            new Event.Testing(1),
            new Event.Tested(1, 1, 0, 0, SECOND, List.of()),
            new Event.Awaiting(Problem.of("half of it")),
            new Event.Changed(Path.of("app.jar")),
            new Event.Unchanged(1),
            new Event.Outdated(1),
            new Event.Checked(1, 1, SECOND),
            new Event.WarmedUp(1, 1, 0, true, SECOND),
            new Event.Draining(1, 1, SECOND),
            new Event.Ended(1, SECOND, new Ledger(0, Map.of())),
            new Event.Unloaded(1, SECOND));

    private static final LineFormat PLAIN = LineFormat.terminal(ZoneOffset.UTC);

    private static Transcript transcript(PrintStream out, BuildView builds, Transcript.Look look) {
        return new Transcript(Runnable::run, out, builds, look, () -> Instant.EPOCH);
    }

    private static String printed(boolean colors, boolean quiet, Event event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        transcript(
                        new PrintStream(bytes, true, StandardCharsets.UTF_8),
                        BuildView.streamed(),
                        new Transcript.Look(PLAIN, Labels.NONE, colors, quiet, false))
                .print(Optional.empty(), event);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String line(String text) {
        return text + System.lineSeparator();
    }

    @Test
    void whatAFileIsCalledDoesNothingToTheTerminal() {
        Event changed = new Event.Changed(Path.of("\u001b[2J\u001b]2;title\u0007.java"));
        assertEquals(line("changed: .java"), printed(false, false, changed));
    }

    /** A new one is to be put on one of the two lists. */
    @Test
    void eachKindOfEventIsEitherImportantOrNot() {
        assertEquals(
                Set.of(Event.class.getPermittedSubclasses()),
                Stream.concat(IMPORTANT.stream(), OTHERS.stream())
                        .map(Object::getClass)
                        .collect(Collectors.toSet()));
    }

    @Test
    void eachEventIsPrintedAsItsText() {
        Stream.concat(IMPORTANT.stream(), OTHERS.stream())
                .forEach(event -> assertEquals(line(EventText.of(event)), printed(false, false, event)));
    }

    @Test
    void whenQuietOnlySocketsAndTroubleArePrinted() {
        IMPORTANT.forEach(event -> assertEquals(line(EventText.of(event)), printed(false, true, event)));
        OTHERS.forEach(event -> assertEquals("", printed(false, true, event)));
    }

    @Test
    void colorsTellTheKindsApart() {
        assertEquals(line("\u001b[36m" + EventText.of(LISTENING) + "\u001b[0m"), printed(true, false, LISTENING));
        assertEquals(line("\u001b[32m" + EventText.of(SERVING) + "\u001b[0m"), printed(true, false, SERVING));
        assertEquals(line("\u001b[31m" + EventText.of(FAILED) + "\u001b[0m"), printed(true, false, FAILED));
        assertEquals(line("\u001b[33m" + EventText.of(NOT_SERVED) + "\u001b[0m"), printed(true, false, NOT_SERVED));
        assertEquals(line(EventText.of(STOPPING)), printed(true, false, STOPPING));
    }

    @Test
    void theBellRingsWhenASwapWasMadeOrHasFailed() {
        assertEquals(line(EventText.of(SERVING)) + "\u0007", printedWithBell(SERVING));
        assertEquals(line(EventText.of(FAILED)) + "\u0007", printedWithBell(FAILED));
        assertEquals(line(EventText.of(LISTENING)), printedWithBell(LISTENING));
    }

    private static String printedWithBell(Event event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        transcript(
                        new PrintStream(bytes, true, StandardCharsets.UTF_8),
                        BuildView.streamed(),
                        new Transcript.Look(PLAIN, Labels.NONE, false, false, true))
                .print(Optional.empty(), event);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void anErrorIsPrintedEvenWhenQuiet() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        transcript(
                        new PrintStream(bytes, true, StandardCharsets.UTF_8),
                        BuildView.streamed(),
                        new Transcript.Look(PLAIN, Labels.NONE, true, true, false))
                .printError("no");
        assertEquals(line("\u001b[31mno\u001b[0m"), bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whereNobodyLooksOnEachLineHasTimeLevelAndGeneration() {
        Transcript.Look look = new Transcript.Look(LineFormat.text(ZoneOffset.UTC), Labels.NONE, false, false, false);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Transcript transcript =
                transcript(new PrintStream(bytes, true, StandardCharsets.UTF_8), BuildView.streamed(), look);
        transcript.print(Optional.empty(), NOT_SERVED);
        transcript.print(Optional.empty(), STOPPING);
        transcript.printDropped(2);
        transcript.printError("no");
        assertEquals(
                line("1970-01-01T00:00:00.000Z WARN  [1] " + EventText.of(NOT_SERVED))
                        + line("1970-01-01T00:00:00.000Z INFO  [-] " + EventText.of(STOPPING))
                        + line("1970-01-01T00:00:00.000Z WARN  [-] ... 2 lines were dropped here: nobody read them")
                        + line("1970-01-01T00:00:00.000Z ERROR [-] no"),
                bytes.toString(StandardCharsets.UTF_8));
    }

    private static final Event FAILED_BUILD = new Event.Failed(
            new Problem(
                    "make failed",
                    List.of(new Problem.Place("A.java", Path.of("/A.java"), 3, 0, "no such thing", List.of())),
                    List.of(),
                    List.of("A.java:3: error: no such thing")),
            Next.WAITING);

    @Test
    void whatABuildHasSaidIsNotPrintedAgainWhenItHasFailed() {
        Event said = new Event.BuildOutput("A.java:3: error: no such thing");
        assertEquals(line("  A.java:3: error: no such thing"), printed(false, false, said));
        assertEquals(line("make failed\n  waiting for the next build"), printed(false, false, FAILED_BUILD));
    }

    @Test
    void whenQuietItHasNotBeenPrintedBefore() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Transcript transcript =
                transcript(out, BuildView.quiet(), new Transcript.Look(PLAIN, Labels.NONE, false, true, false));
        transcript.print(Optional.empty(), new Event.BuildOutput("noise"));
        transcript.print(Optional.empty(), FAILED_BUILD);
        assertEquals(
                line("make failed\n  A.java:3: no such thing\n  waiting for the next build"),
                bytes.toString(StandardCharsets.UTF_8));
    }
}
