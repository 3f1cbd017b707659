package dev.supervisor.frameworks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Document;
import dev.supervisor.testing.DocumentShell;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.SameOnEveryJdk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Unmodified servers of many frameworks under the supervisor, swapped while clients ask. Writes {@code
 * target/frameworks.md}, a row per application, and its logs to {@code target/frameworks}.
 *
 * <p>Properties: {@code frameworks.swaps}, how many of each application (3), and {@code frameworks.only}, applications
 * with commas between (all).
 */
@SameOnEveryJdk
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it starts the POSIX shell script")
class FrameworksIT {

    private static final int SWAPS = Integer.getInteger("frameworks.swaps", 3);
    private static final String ONLY = System.getProperty("frameworks.only", "");

    private static final Path OUTPUT = Path.of("target/frameworks").toAbsolutePath();
    private static final Path TABLE = Path.of("target/frameworks.md");

    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** Answers by each version that each client gets, so that a swap comes within traffic. */
    private static final int ANSWERS = 40;

    /**
     * JDK 25 has held 1 of some 70 generations of Spring Boot on a busy machine, prepared for or not, by nothing that a heap dump
     * shows. A leak of the product or of a framework is one for each generation.
     */
    private static final int HELD_BY_THE_JVM = 1;

    private static final Map<Framework, Row> ROWS = new EnumMap<>(Framework.class);

    @TempDir
    private Path directory;

    static Stream<Framework> frameworks() {
        List<String> only = List.of(ONLY.split(","));
        return Arrays.stream(Framework.values())
                .filter(framework -> ONLY.isEmpty() || only.contains(framework.directory()));
    }

    @BeforeAll
    static void build() throws Exception {
        FrameworksBuild.run(frameworks().filter(Framework::runsOnThisJava).toList());
    }

    @Test
    void eachApplicationIsTested() throws IOException {
        assertEquals(
                Deployment.directories(),
                Arrays.stream(Framework.values())
                        .map(Framework::directory)
                        .sorted()
                        .toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frameworks")
    void isSwappedWithoutAFailedRequest(Framework framework) throws Exception {
        assumeTrue(framework.runsOnThisJava(), framework + " needs a newer Java");
        Deployment deployment = Deployment.of(framework, directory);
        int port = FreePort.find();
        try (SupervisorProcess supervisor = start(framework, deployment, port)) {
            try {
                supervisor.awaitServing(LIMIT);
                swap(framework, deployment, supervisor, port);
                assertEquals(0, supervisor.stop(LIMIT), "exit code");
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + supervisor.tail(), e);
            }
        }
    }

    /** The commands of docs/frameworks.md that are not the one of {@link #start}: each by its heading's framework. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"Spring Boot, BOOT_4_TOMCAT", "Quarkus, QUARKUS", "Micronaut, MICRONAUT"})
    void isToldItsPortAsTheDocumentSays(String heading, Framework framework) throws Exception {
        assumeTrue(frameworks().anyMatch(framework::equals), framework + " is not among those that are asked for");
        Deployment deployment = Deployment.of(framework, Files.createDirectory(directory.resolve("built")));
        DocumentShell shell = new DocumentShell(Files.createDirectory(directory.resolve("shell")));
        String command =
                Document.read("docs/frameworks.md").block(heading, "sh").text();
        try (Command supervisor = shell.start(command.replaceFirst("--app \\S+", "--app " + deployment.app()))) {
            supervisor.await("generation 1 serving .*");
            assertEquals("v1\n", Client.get(shell.address(9000), "/").body());
        }
    }

    private SupervisorProcess start(Framework framework, Deployment deployment, int port) throws IOException {
        return SupervisorProcess.start(
                directory,
                OUTPUT.resolve(framework + ".log"),
                Map.of("PORT", String.valueOf(port)),
                "--port=" + port,
                "--app=" + deployment.app(),
                "--verify-unload",
                "--unload-timeout=10s");
    }

    private static void swap(Framework framework, Deployment deployment, SupervisorProcess supervisor, int port)
            throws Exception {
        List<Long> millis = new ArrayList<>();
        Traffic traffic = traffic(framework, deployment, port);
        try (traffic) {
            awaitAnswers(traffic, supervisor, 1);
            for (int version = 2; version <= 1 + SWAPS; version++) {
                Path next = deployment.prepare("v" + version);
                long begun = System.nanoTime();
                deployment.deploy(next);
                awaitAnswers(traffic, supervisor, version);
                millis.add(TimeUnit.NANOSECONDS.toMillis(traffic.firstTime(version) - begun));
            }
        } finally {
            Set<Integer> former = awaitUnloading(framework, supervisor);
            Set<Integer> unloaded = supervisor.unloaded();
            unloaded.retainAll(former);
            int failed = traffic.failures().size();
            report(new Row(
                    framework,
                    deployment.version(),
                    millis,
                    traffic.requests(),
                    failed,
                    traffic.announced(),
                    traffic.closed(),
                    former.size(),
                    unloaded.size()));
        }
        assertAll(() -> assertEquals(List.of(), traffic.failures()), () -> assertEquals(SWAPS, millis.size()));
        if (framework.mustUnload()) {
            Set<Integer> kept = formerOf(supervisor);
            kept.removeAll(supervisor.unloaded());
            assertTrue(kept.size() <= HELD_BY_THE_JVM, "generations that are not unloaded: " + kept);
        }
    }

    private static Traffic traffic(Framework framework, Deployment deployment, int port) throws IOException {
        return framework.isGrpc()
                ? GrpcTraffic.start(deployment.builtJar(), port, OUTPUT.resolve(framework + ".client.log"))
                : HttpTraffic.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static void awaitAnswers(Traffic traffic, SupervisorProcess supervisor, int version) throws Exception {
        Limit.await(LIMIT, "v" + version + " answers each client; so far " + traffic.failures(), () -> {
            supervisor.checkRuns();
            return traffic.allSaw(version, ANSWERS);
        });
    }

    /** Waits until each former generation has been unloaded or is said to be kept, and returns them. */
    private static Set<Integer> awaitUnloading(Framework framework, SupervisorProcess supervisor) throws Exception {
        Set<Integer> former = formerOf(supervisor);
        Limit.holdsWithin(LIMIT, () -> {
            Set<Integer> left = new TreeSet<>(former);
            left.removeAll(supervisor.unloaded());
            if (!framework.mustUnload()) {
                left.removeAll(supervisor.keptAlive());
            }
            return left.isEmpty();
        });
        return former;
    }

    /** Returns the generations that have served but for the last. */
    private static Set<Integer> formerOf(SupervisorProcess supervisor) {
        TreeSet<Integer> served = new TreeSet<>(supervisor.serving());
        served.pollLast();
        return served;
    }

    private static void report(Row row) throws IOException {
        ROWS.put(row.framework(), row);
        Row.write(TABLE, ROWS);
    }
}
