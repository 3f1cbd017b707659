package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.Command;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README: the demo under the supervisor. */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it starts the POSIX shell script")
class DemoIT {

    @TempDir
    private Path directory;

    @Test
    void theDemoIsServedAndSwappedWithItsOwnLogging() throws Exception {
        DemoBuilds builds = DemoBuilds.begin(directory);
        try (Command command = Command.start(directory, "--port", "0", "--app", "demo-app.jar")) {
            InetSocketAddress address = command.awaitSocket();
            command.await("\\[demo-app] .* generation 1 serves .*");
            command.await("generation 1 serving demo-app.jar: .*");
            try (Client client = Client.connect(address)) {
                Answer page = client.get("/");
                assertEquals(200, page.status());
                assertTrue(page.body().contains("Generation 1"), page.body());
                assertEquals("text/css; charset=utf-8", client.get("/style.css").header("content-type"));
                client.send(
                        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
                assertEquals("abc", client.answer().body());
                assertEquals(500, client.get("/boom").status());
                client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(
                        "text/event-stream",
                        client.head().header("content-type").split(";")[0]);
                builds.rebuild();
                command.await("generation 2 serving demo-app.jar: .*");
                client.readUpTo("\n0\r\n\r\n"); // the stream ends, and the connection goes on with the new build
                assertTrue(client.get("/").body().contains("Generation 2"));
            }
            command.signal("INT");
            assertEquals(0, command.exitCode());
        }
    }
}
