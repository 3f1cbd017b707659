package dev.supervisor.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Departure;
import dev.supervisor.Event;
import dev.supervisor.Status;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Embedder;
import dev.supervisor.testing.Running;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Java Flight Recorder records of a supervisor. */
@Timeout(120)
final class FlightIT {

    private static final String JFR = "jdk.jfr";

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("flight.jar");
    }

    private List<RecordedEvent> recorded(Recording recording) throws IOException {
        Path file = Files.createTempFile(directory, "flight", ".jfr");
        recording.stop();
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
    }

    private static List<RecordedEvent> named(List<RecordedEvent> all, String name) {
        return all.stream()
                .filter(event -> event.getEventType().getName().equals("dev.supervisor." + name))
                .toList();
    }

    /** A swap with an idle connection that moves, one that fails with a client that waits, and one that mends that. */
    private Running swaps() throws Exception {
        Apps.http("v1").moveTo(jar());
        Running running = Running.http(jar());
        running.awaitServing(1);
        try (Client client = Client.connect(running.address())) {
            assertEquals("v1 gen=1 n=1", client.get("/").body());
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            running.await(Event.Ended.class, ended -> ended.generation() == 1);
            assertEquals("v2 gen=2 n=1", client.get("/").body());
        }
        Apps.starting("throw new IllegalStateException(\"no database\");").moveTo(jar());
        running.await(Event.Failed.class);
        Apps.http("v4").moveTo(jar());
        running.await(Event.Serving.class, serving -> serving.generation() > 2);
        running.await(Event.Ended.class, ended -> ended.generation() == 2);
        return running;
    }

    @Test
    void aRecordingHasTheSwapsOfTheHistoryAndTheGenerationsOfTheEvents() throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable("dev.supervisor.ConnectionMoved");
            recording.start();
            try (Running running = swaps()) {
                running.await(Event.Unloaded.class, any -> true, System::gc);
                Status status = running.supervisor().status();
                List<RecordedEvent> all = recorded(recording);
                List<RecordedEvent> swaps = named(all, "Swap");
                for (Status.Swap swap : status.swaps().recent()) {
                    compare(swap, only(swaps, "number", swap.number()));
                }
                assertEquals(status.swaps().recent().size(), swaps.size());
                assertTrue(
                        swaps.stream().anyMatch(swap -> swap.getString("result").equals("failed")));
                compare(running, named(all, "Generation"));
                for (Event.Unloaded unloaded : running.events(Event.Unloaded.class)) {
                    assertEquals(
                            unloaded.after(),
                            only(named(all, "Unload"), "generation", unloaded.generation())
                                    .getDuration("after"));
                }
                assertEquals(
                        status.sockets().get(0).left().entrySet().stream()
                                .filter(left -> left.getKey() == Departure.MOVED_IDLE
                                        || left.getKey() == Departure.MOVED_AFTER_RESPONSE)
                                .mapToLong(Map.Entry::getValue)
                                .sum(),
                        named(all, "ConnectionMoved").size());
                assertFalse(named(all, "ConnectionMoved").isEmpty());
                assertEquals(
                        status.sockets().get(0).waits().total(),
                        named(all, "Held").size());
            }
        }
    }

    private static RecordedEvent only(List<RecordedEvent> events, String field, int number) {
        List<RecordedEvent> found =
                events.stream().filter(event -> event.getInt(field) == number).toList();
        assertEquals(1, found.size(), () -> field + " " + number + " of " + events);
        return found.get(0);
    }

    private static void compare(Status.Swap swap, RecordedEvent recorded) {
        assertEquals(swap.result().name().toLowerCase(java.util.Locale.ROOT), recorded.getString("result"));
        assertEquals(swap.trigger().name().toLowerCase(java.util.Locale.ROOT), recorded.getString("trigger"));
        assertEquals(swap.generation().orElse(0), recorded.getInt("generation"));
        assertEquals("flight", recorded.getString("application"));
        assertEquals(swap.held().count(), recorded.getInt("held"));
        for (Status.Phase phase : Status.Phase.values()) {
            if (phase != Status.Phase.FIRST_ANSWER) {
                // An attempt that finds the build incomplete belongs to the same swap as the next one.
                Duration all = swap.phases().stream()
                        .filter(timed -> timed.phase() == phase)
                        .map(Status.Timed::took)
                        .reduce(Duration.ZERO, Duration::plus);
                assertEquals(all, recorded.getDuration(field(phase)), phase::toString);
            }
        }
        assertTrue(
                recorded.getDuration()
                                .minus(swap.took())
                                .abs()
                                .compareTo(swap.took().plus(Duration.ofMillis(100)))
                        <= 0,
                () -> recorded + " is " + swap);
    }

    private static String field(Status.Phase phase) {
        return switch (phase) {
            case BUILD -> "build";
            case SNAPSHOT -> "snapshot";
            case LOAD -> "load";
            case START -> "start";
            case CHECK -> "check";
            case WARM_UP -> "warmUp";
            case FIRST_ANSWER -> throw new IllegalArgumentException();
        };
    }

    private static void compare(Running running, List<RecordedEvent> generations) {
        Map<String, List<RecordedEvent>> byState =
                generations.stream().collect(Collectors.groupingBy(event -> event.getString("state")));
        for (Event.Serving serving : running.events(Event.Serving.class)) {
            RecordedEvent live = only(byState.getOrDefault("live", List.of()), "number", serving.generation());
            assertEquals("flight", live.getString("application"));
            assertEquals(serving.loaded(), live.getDuration("load"));
            assertEquals(serving.started(), live.getDuration("start"));
        }
        for (Event.Ended ended : running.events(Event.Ended.class)) {
            RecordedEvent end = only(byState.getOrDefault("ended", List.of()), "number", ended.generation());
            assertEquals(ended.drained(), end.getDuration("drain"));
            assertEquals(ended.ledger().total(), end.getLong("connections"));
        }
    }

    @Test
    void movesAreNotRecordedUnlessThatIsAskedFor() throws Exception {
        try (Recording recording = new Recording()) {
            recording.start();
            try (Running running = swaps()) {
                assertTrue(running.supervisor().status().sockets().get(0).left().containsKey(Departure.MOVED_IDLE));
                List<RecordedEvent> all = recorded(recording);
                assertEquals(List.of(), named(all, "ConnectionMoved"));
                assertFalse(named(all, "Swap").isEmpty());
            }
        }
    }

    @Test
    void theCommandsOfTheDocumentRecordMoves() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("../../docs/observing.md")).stream()
                .filter(line -> line.startsWith("jcmd PID ") || line.startsWith("jfr "))
                .toList();
        assertEquals(
                List.of("JFR.start", "JFR.dump", "print", "JFR.stop"),
                lines.stream()
                        .map(line -> line.replace("jcmd PID ", "")
                                .replace("jfr ", "")
                                .split(" ")[0])
                        .toList());
        execute(lines.get(0));
        try (Running running = swaps()) {
            assertEquals(2, running.events(Event.Serving.class).get(1).generation());
            execute(lines.get(1));
            String printed = execute(lines.get(2));
            assertTrue(printed.contains("dev.supervisor.ConnectionMoved {"), printed);
            assertTrue(printed.contains("application = \"flight\""), printed);
        } finally {
            execute(lines.get(3));
        }
    }

    /** Runs a line of a document, about this process, and returns what it has printed. */
    private String execute(String line) throws Exception {
        String own = line.replace("PID", Long.toString(ProcessHandle.current().pid()))
                .replace("'", "")
                .replace("swaps.jfr", directory.resolve("swaps.jfr").toString());
        List<String> words = new ArrayList<>(List.of(own.split(" ")));
        words.set(
                0, Path.of(System.getProperty("java.home"), "bin", words.get(0)).toString());
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        return printed;
    }

    @Test
    void aRuntimeWithoutFlightRecorderServesAllTheSame() throws Exception {
        Apps.http("v1").moveTo(jar());
        String others = ModuleFinder.ofSystem().findAll().stream()
                .map(ModuleReference::descriptor)
                .filter(module -> !module.name().equals(JFR) && !needsJfr(module))
                .map(ModuleDescriptor::name)
                .collect(Collectors.joining(","));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules",
                others,
                "-cp",
                System.getProperty("java.class.path"),
                Embedder.class.getName(),
                jar().toString());
        try (Command program = Command.start(directory, Map.of(), command)) {
            program.await("closed");
            assertEquals(0, program.exitCode());
            assertFalse(program.transcript().contains("NoClassDefFoundError"), program.transcript());
        }
    }

    private static boolean needsJfr(ModuleDescriptor module) {
        return module.requires().stream().anyMatch(required -> required.name().equals(JFR));
    }
}
