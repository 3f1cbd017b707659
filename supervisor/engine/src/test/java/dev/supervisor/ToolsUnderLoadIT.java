package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.PreparedBuilds;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tool;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What load generators that others have written say of a supervisor that swaps all the time. */
@Timeout(300)
@SameOnEveryJdk
class ToolsUnderLoadIT {

    private static final int SWAPS = 40;
    private static final long PAUSE_MILLIS = 20;
    private static final int CONNECTIONS = 64;
    private static final int REQUESTS = 50_000;
    private static final Pattern REQUESTS_OF_WRK = Pattern.compile("[1-9]\\d* requests in ");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Swap.class)
    void wrkReportsNoErrors(Swap swap) throws Exception {
        Tool wrk = Tool.find("wrk", "wrk");
        PreparedBuilds builds = builds();
        try (Running running = start(swap, builds);
                Tool.Run run = wrk.start("-t1", "-c" + CONNECTIONS, "-d600s", "--timeout", "60s", url(running))) {
            swap(running, builds, run);
            assertTrue(run.isAlive());
            run.interrupt(); // it says what it has seen so far
            String report = run.report();
            assertTrue(REQUESTS_OF_WRK.matcher(report).find(), report);
            assertFalse(report.contains("Socket errors"), report);
            assertFalse(report.contains("Non-2xx"), report);
            running.awaitTally(tally -> tally.open() == 0 && tally.ended() >= CONNECTIONS);
        }
    }

    /** It pipelines over HTTP/1.1, with {@code -m}. */
    @ParameterizedTest
    @EnumSource(Swap.class)
    void h2loadReportsNoErrors(Swap swap) throws Exception {
        Tool h2load = Tool.find("h2load", "nghttp2-client");
        PreparedBuilds builds = builds();
        try (Running running = start(swap, builds);
                Tool.Run run = h2load.start("--h1", "-t1", "-c" + CONNECTIONS, "-m8", "-n" + REQUESTS, url(running))) {
            int swaps = swap(running, builds, run);
            String report = run.report();
            assertTrue(swaps > 0, report);
            assertTrue(report.contains("Application protocol: http/1.1"), report);
            assertTrue(
                    report.contains("requests: N total, N started, N done, N succeeded, 0 failed, 0 errored, 0 timeout"
                            .replace("N", Integer.toString(REQUESTS))),
                    report);
            running.awaitTally(tally -> tally.open() == 0 && tally.ended() == CONNECTIONS);
        }
    }

    private PreparedBuilds builds() {
        return PreparedBuilds.of(SWAPS + 1, version -> Apps.http("v" + version), directory.resolve("app.jar"));
    }

    private Running start(Swap swap, PreparedBuilds builds) throws Exception {
        builds.moveNext();
        Running running = Running.http(directory.resolve("app.jar"), options -> options.swap(swap));
        running.awaitServing(1);
        return running;
    }

    private static String url(Running running) {
        return "http://127.0.0.1:" + running.address().getPort() + "/";
    }

    /** Swaps while it runs, and returns how often that was. */
    private static int swap(Running running, PreparedBuilds builds, Tool.Run run) throws Exception {
        int swaps = 0;
        while (swaps < SWAPS && run.isAlive()) {
            builds.moveNext();
            swaps++;
            running.awaitServing(swaps + 1);
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // a load generator paces itself
        }
        return swaps;
    }
}
