package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Descriptors;
import dev.supervisor.testing.Leaks;
import dev.supervisor.testing.Mirror;
import dev.supervisor.testing.MirrorClients;
import dev.supervisor.testing.PreparedBuilds;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Keep-alive clients that pipeline whatever they like and are always in the midst of something, through hundreds of
 * swaps: each connection goes on, each request has its answer, none is stale, and the books balance.
 */
@Timeout(300)
@SameOnEveryJdk
class ConnectionsUnderLoadIT {

    private static final int CONNECTIONS = 200;
    private static final long PAUSE_MILLIS = 20;
    private static final int WATCHED_SWAPS = 5;
    private static final long SEED = 4711;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"HOLD, 300", "OVERLAP, 60"})
    void everyRequestIsAnsweredInOrderThroughSwapsInQuickSuccession(Swap swap, int swaps) throws Exception {
        Descriptors before = Descriptors.atFirst();
        try (Leaks leaks = Leaks.watch()) {
            PreparedBuilds builds = builds(swaps + 1);
            try (Running running = start(swap, builds)) {
                try (MirrorClients clients = MirrorClients.connect(CONNECTIONS, running.address(), SEED)) {
                    for (int version = 1; version <= swaps; version++) {
                        builds.moveNext();
                        running.awaitServing(version + 1);
                        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // a load generator paces itself
                        clients.assertNoneFailed();
                    }
                    assertAllAreAnsweredBy(swaps, clients);
                    assertEquals(new Tally(CONNECTIONS, CONNECTIONS, 0), tally(running));
                    assertEachWhoHasAnsweredHasMovedOn(swaps, running, clients);
                }
                running.awaitTally(new Tally(CONNECTIONS, 0, CONNECTIONS)::equals);
            }
            assertEquals(List.of(), leaks.found());
        }
        before.awaitAgain();
    }

    @ParameterizedTest
    @EnumSource(Swap.class)
    void theLedgerOfEachGenerationHasEveryConnection(Swap swap) throws Exception {
        PreparedBuilds builds = builds(WATCHED_SWAPS + 1);
        try (Running running = start(swap, builds);
                MirrorClients clients = MirrorClients.connect(CONNECTIONS, running.address(), SEED + 1)) {
            clients.awaitAnswersOf(1);
            for (int version = 1; version <= WATCHED_SWAPS; version++) {
                builds.moveNext();
                clients.awaitAnswersOf(version + 1);
                assertEquals(CONNECTIONS, ledgerOf(version, running).total());
            }
            assertAllAreAnsweredBy(WATCHED_SWAPS, clients);
        }
    }

    private PreparedBuilds builds(int count) {
        return PreparedBuilds.of(count, Mirror::build, directory.resolve("app.jar"));
    }

    private Running start(Swap swap, PreparedBuilds builds) throws Exception {
        builds.moveNext();
        Running running = Running.http(directory.resolve("app.jar"), options -> options.swap(swap));
        running.awaitServing(1);
        return running;
    }

    private static void assertAllAreAnsweredBy(int version, MirrorClients clients) throws Exception {
        List<Integer> last = clients.finish();
        clients.assertNoneFailed();
        assertEquals(Collections.nCopies(CONNECTIONS, version), last);
        assertEquals(CONNECTIONS, clients.alive());
        assertEquals(clients.sent(), clients.received());
    }

    /** A connection may pass by a generation that is replaced before it comes; so there may be fewer than all. */
    private static void assertEachWhoHasAnsweredHasMovedOn(int generations, Running running, MirrorClients clients)
            throws InterruptedException {
        for (int generation = 1; generation <= generations; generation++) {
            Ledger ledger = ledgerOf(generation, running);
            long moved = ledger.count(Departure.MOVED_IDLE) + ledger.count(Departure.MOVED_AFTER_RESPONSE);
            assertEquals(moved, ledger.total(), ledger::toString);
            assertTrue(
                    moved >= clients.connectionsOf(generation) && moved <= CONNECTIONS,
                    clients.connectionsOf(generation) + " were answered by generation " + generation + ": " + ledger);
        }
    }

    private static Ledger ledgerOf(int generation, Running running) throws InterruptedException {
        return running.await(Event.Ended.class, ended -> ended.generation() == generation)
                .ledger();
    }

    private static Tally tally(Running running) {
        return running.supervisor().tally("http");
    }
}
