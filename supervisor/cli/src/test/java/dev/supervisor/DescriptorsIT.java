package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A swap while clients have taken all descriptors. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
class DescriptorsIT {

    private static final int DESCRIPTORS = 200;

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Command start(String swap) throws IOException {
        return Command.start(
                directory,
                Map.of(),
                List.of(
                        "sh",
                        "-c",
                        "ulimit -n " + DESCRIPTORS + "; exec \"$@\"",
                        "sh",
                        Command.SCRIPT.toString(),
                        "--port=0",
                        "--app=app.jar",
                        "--swap=" + swap));
    }

    /** As many clients as there are descriptors, and some that the kernel keeps. */
    private static List<Client> crowd(InetSocketAddress address) throws IOException {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < DESCRIPTORS; i++) {
            clients.add(Client.connect(address));
        }
        return clients;
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "overlap"})
    void aBuildThatLackedDescriptorsServesWithoutAnotherChangeWhenThereAreSome(String swap) throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Command command = start(swap)) {
            InetSocketAddress address = command.awaitSocket();
            command.await("generation 1 serving .*");
            List<Client> crowd = crowd(address);
            command.await(".* can't accept on .*"); // else the build may still find what it needs
            Apps.http("v2").moveTo(jar());
            command.await("  trying again every second|  the generation before keeps serving");
            for (Client client : crowd) {
                client.close();
            }
            command.await("generation \\d+ serving .*");
            assertTrue(Client.get(address, "/").body().startsWith("v2"));
        }
    }
}
