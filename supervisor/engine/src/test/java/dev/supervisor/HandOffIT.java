package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application whose protocol the supervisor does not know moves its connections itself. */
@Timeout(120)
class HandOffIT {

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    @BeforeEach
    void build() throws IOException {
        Apps.handOff("v1").moveTo(jar());
    }

    private Running start() throws Exception {
        Running running = Running.with(jar(), options -> options.socket("tcp::0"));
        running.awaitServing(1);
        return running;
    }

    private void swap(Running running, int to) throws Exception {
        Apps.handOff("v" + to).moveTo(jar());
        running.awaitServing(to);
    }

    private static String ask(Client client, String line) throws IOException {
        client.send(line + "\n");
        return client.line();
    }

    @Test
    void aConnectionThatIsHandedOffGoesOnWithTheNewBuild() throws Exception {
        try (Running running = start();
                Client client = Client.connect(running.address())) {
            assertEquals("v1 gen=1: a", ask(client, "a"));
            for (int generation = 2; generation <= 10; generation++) {
                swap(running, generation);
                int former = generation - 1;
                Event.Ended ended = running.await(Event.Ended.class, event -> event.generation() == former);
                assertEquals("v%d gen=%1$d: b".formatted(generation), ask(client, "b"));
                assertEquals(1, ended.ledger().count(Departure.HANDED_OFF));
            }
        }
    }

    @Test
    void whatHadNotBeenConsumedIsReadByTheNewBuild() throws Exception {
        try (Running running = start();
                Client client = Client.connect(running.address())) {
            client.send("stay\npar");
            assertEquals("v1 gen=1: stay", client.line());
            swap(running, 2);
            assertEquals("superseded", client.line());
            client.send("tial\nnext\nha");
            assertEquals("v1 gen=1: partial", client.line());
            assertEquals("v2 gen=2: next", client.line());
            assertEquals("v2 gen=2: half", ask(client, "lf"));
        }
    }

    @Test
    void aConnectionOnWhichNothingWasSaidYetMovesByItself() throws Exception {
        try (Running running = start();
                Client client = Client.connect(running.address());
                Client other = Client.connect(running.address())) {
            assertEquals("v1 gen=1: a", ask(other, "a")); // accepted after the first
            swap(running, 2);
            Event.Ended ended = running.await(Event.Ended.class);
            assertEquals("v2 gen=2: b", ask(client, "b"));
            assertEquals(1, ended.ledger().count(Departure.MOVED_IDLE));
            assertEquals(1, ended.ledger().count(Departure.HANDED_OFF));
        }
    }

    @Test
    void misuseIsAnExceptionAndChangesNothing() throws Exception {
        try (Running running = start();
                Client client = Client.connect(running.address())) {
            assertMisuse("IllegalStateException", "no newer generation", ask(client, "early"));
            assertEquals("v1 gen=1: stay", ask(client, "stay"));
            swap(running, 2);
            assertEquals("superseded", client.line());
            String pending = ask(client, "pending");
            assertTrue(pending.startsWith("written before; "), pending);
            assertMisuse("IllegalStateException", "still to be written", pending.substring(16));
            assertMisuse("IllegalStateException", "not on its event loop", ask(client, "elsewhere"));
            assertMisuse("IllegalArgumentException", "no connection that the supervisor gave", ask(client, "stranger"));
            assertEquals("v1 gen=1: x", ask(client, "x"));
            assertEquals("v2 gen=2: y", ask(client, "y"));
        }
    }

    private static void assertMisuse(String type, String why, String answer) {
        assertTrue(answer.startsWith(type + ": can't hand off ") && answer.contains(why), answer);
    }
}
