package dev.supervisor.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.frameworks.Exchange.Manner;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.SameOnEveryJdk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Connections of HTTP/1.1 to servers that know nothing of the supervisor, cut at every position by a swap, and later by
 * another. What each client receives is to the byte the same as without a swap, up to the version; and that is the one
 * that had begun to read the request, or a later one.
 *
 * <p>Properties: {@code cuts.stride}, every how many bytes there is a cut (10), apart from those near bounds, where each
 * is; and {@code frameworks.only}, servers with commas between (all).
 */
@SameOnEveryJdk
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it starts the POSIX shell script")
class SwapAtEveryCutIT {

    private static final int STRIDE = Integer.getInteger("cuts.stride", 10);

    private static final String ONLY = System.getProperty("frameworks.only", "");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Connections per swap; the JDK's server keeps no more than 200. */
    private static final int AT_ONCE = 160;

    /** All versions have three digits, so that a length does not depend on them. */
    private static final int FIRST_VERSION = 101;

    private static final int SHOWN_PROBLEMS = 10;

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Deployment deployment;

    @SuppressWarnings("NullAway.Init")
    private SupervisorProcess supervisor;

    @SuppressWarnings("NullAway.Init")
    private InetSocketAddress address;

    private int version = FIRST_VERSION;

    private final List<String> problems = new ArrayList<>();
    private int problematic;

    static Stream<Framework> servers() {
        return Stream.of(Framework.TOMCAT, Framework.JETTY, Framework.UNDERTOW, Framework.JDK_HTTP_SERVER)
                .filter(server -> ONLY.isEmpty() || List.of(ONLY.split(",")).contains(server.directory()));
    }

    @BeforeAll
    static void build() throws Exception {
        FrameworksBuild.run(servers().toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("servers")
    void answersAreTheSameToTheByte(Framework framework) throws Exception {
        deployment = Deployment.of(framework, directory);
        deployment.deploy(deployment.prepare("v" + FIRST_VERSION));
        int port = FreePort.find();
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (SupervisorProcess process = SupervisorProcess.start(
                directory,
                Path.of("target/frameworks/" + framework + ".cuts.log").toAbsolutePath(),
                Map.of("PORT", String.valueOf(port)),
                "--port=" + port,
                "--app=" + deployment.app())) {
            supervisor = process;
            try {
                process.awaitServing(LIMIT);
                swapAtEveryCut(framework);
                assertEquals(0, process.stop(LIMIT), "exit code");
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + process.tail(), e);
            }
        }
    }

    private void swapAtEveryCut(Framework framework) throws Exception {
        long begun = System.nanoTime();
        List<Script> scripts = Script.of(framework);
        Map<Script, String> expected = new HashMap<>();
        for (Script script : scripts) {
            expected.put(script, withoutSwap(script));
        }
        List<Run> runs = runs(scripts);
        int requests = 0;
        for (int from = 0; from < runs.size(); from += AT_ONCE) {
            requests += swapTwice(runs.subList(from, Math.min(from + AT_ONCE, runs.size())), expected);
        }
        System.out.println(framework + ": " + runs.size() + " connections, " + requests + " requests, "
                + (version - FIRST_VERSION) + " swaps, "
                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) + " s");
        if (problematic > 0) {
            throw new AssertionError(problematic + " of " + runs.size() + " connections went wrong, among them\n"
                    + String.join("\n", problems));
        }
    }

    private record Run(Script script, Manner manner, int number, int cut) {

        Exchange begin(InetSocketAddress address) throws IOException {
            int later = cut + (number * 7919) % (script.length() - cut + 1);
            return new Exchange(script, manner, number, List.of(cut, later, script.length()), address);
        }
    }

    /** Each script at each cut, once with a pause for the answers, and once in one of the other manners. */
    private static List<Run> runs(List<Script> scripts) {
        List<Run> runs = new ArrayList<>();
        for (Script script : scripts) {
            for (int cut : script.cuts(STRIDE)) {
                Manner other = runs.size() % 4 == 0 ? Manner.UNDER_WAY : Manner.BYTE_BY_BYTE;
                runs.add(new Run(script, Manner.ANSWERED, runs.size() + 1, cut));
                runs.add(new Run(script, other, runs.size() + 1, cut));
            }
        }
        return runs;
    }

    private String withoutSwap(Script script) throws Exception {
        try (Exchange exchange = new Exchange(script, Manner.ANSWERED, 0, List.of(script.length()), address)) {
            exchange.goOnTo(0);
            await(List.of(exchange), "the server ends " + exchange, exchange::isEnded);
            String received = exchange.received();
            assertEquals(script.statuses(), Responses.of(received).statuses(), () -> script + ": " + received);
            return Responses.normalized(received, 0);
        }
    }

    /** Returns how many requests were sent. */
    private int swapTwice(List<Run> runs, Map<Script, String> expected) throws Exception {
        List<Exchange> exchanges = new ArrayList<>();
        try {
            for (Run run : runs) {
                exchanges.add(run.begin(address));
            }
            for (int cut = 0; cut < 2; cut++) {
                int next = cut;
                exchanges.forEach(exchange -> exchange.goOnTo(next));
                awaitPause(exchanges);
                swap(exchanges);
            }
            exchanges.forEach(exchange -> exchange.goOnTo(2));
            awaitEnds(exchanges);
            for (int i = 0; i < exchanges.size(); i++) {
                check(exchanges.get(i), expected.get(runs.get(i).script()));
            }
        } finally {
            exchanges.forEach(Exchange::close);
        }
        return exchanges.stream().mapToInt(Exchange::requests).sum();
    }

    private void check(Exchange exchange, String expected) {
        List<String> found = exchange.problems(expected);
        if (!found.isEmpty()) {
            problematic++;
            if (problematic <= SHOWN_PROBLEMS) {
                problems.add(exchange + ": " + found);
            }
        }
    }

    private void swap(List<Exchange> exchanges) throws Exception {
        int generation = version - FIRST_VERSION + 2;
        deployment.deploy(deployment.prepare("v" + (version + 1)));
        exchanges.forEach(Exchange::goOnSlowly);
        Limit.await(LIMIT, "generation " + generation + " serves", () -> {
            supervisor.checkRuns();
            proceed(exchanges);
            return supervisor.serving().contains(generation);
        });
        version++;
    }

    private void awaitPause(List<Exchange> exchanges) throws InterruptedException {
        boolean pauses = Limit.holdsWithin(LIMIT, () -> {
            proceed(exchanges);
            return exchanges.stream().allMatch(Exchange::pauses);
        });
        if (!pauses) {
            List<Exchange> left =
                    exchanges.stream().filter(exchange -> !exchange.pauses()).toList();
            throw new AssertionError("after " + LIMIT.toSeconds() + " s no answers to what was sent: " + left);
        }
    }

    private void awaitEnds(List<Exchange> exchanges) throws InterruptedException {
        Limit.holdsWithin(LIMIT, () -> {
            proceed(exchanges);
            return exchanges.stream().allMatch(Exchange::isEnded);
        });
    }

    private void await(List<Exchange> exchanges, String what, BooleanSupplier condition) throws InterruptedException {
        Limit.await(LIMIT, what, () -> {
            proceed(exchanges);
            return condition.getAsBoolean();
        });
    }

    private void proceed(List<Exchange> exchanges) {
        exchanges.forEach(exchange -> exchange.proceed(version));
    }
}
