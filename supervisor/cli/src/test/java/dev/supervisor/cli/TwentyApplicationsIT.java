package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Many applications in one process, swapped at random under load. {@code supervisor/bench/run applications} does it for longer. */
@Timeout(value = 240, threadMode = ThreadMode.SEPARATE_THREAD) // a read of a process's output can't be interrupted
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is about signals")
class TwentyApplicationsIT {

    private static final int APPLICATIONS = 20;
    private static final int SWAPS = 60;
    private static final Pattern ANSWER = Pattern.compile("v(\\d+) gen=\\d+ n=\\d+");

    @TempDir
    private Path directory;

    /** The newest version that has answered, for each application. */
    private final AtomicIntegerArray newest = new AtomicIntegerArray(APPLICATIONS);

    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    private static String nameOf(int application) {
        return "app-" + application;
    }

    private void build(TestBuild any, int application, int version) throws IOException {
        any.withResource("version.txt", "v" + version).moveTo(directory.resolve(nameOf(application) + ".jar"));
    }

    @Test
    void twentyApplicationsThatAreSwappedAtRandomLoseNoRequest() throws Exception {
        TestBuild any = Apps.http("v0");
        StringBuilder configuration = new StringBuilder("defaults: { port: 0 }\napplications:\n");
        for (int i = 0; i < APPLICATIONS; i++) {
            configuration.append("  %s: { app: %s.jar }%n".formatted(nameOf(i), nameOf(i)));
            build(any, i, 1);
        }
        Files.writeString(directory.resolve("s.yaml"), configuration);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Thread> clients = new ArrayList<>();
        try (Command command = Command.start(directory, "--config", "s.yaml", "--quiet")) {
            for (int i = 0; i < APPLICATIONS; i++) {
                InetSocketAddress address = addressOf(command, nameOf(i));
                int application = i;
                clients.add(new Thread(() -> ask(application, address), "client " + i));
            }
            clients.forEach(Thread::start);
            awaitAnswers(1, 0, APPLICATIONS);
            int[] versions = new int[APPLICATIONS];
            for (int swap = 0; swap < SWAPS; swap++) {
                int application = swap < APPLICATIONS ? swap : random.nextInt(APPLICATIONS);
                build(any, application, 2 + versions[application]++);
                if (random.nextBoolean()) { // else the next one is swapped at the same time
                    awaitAnswers(1 + versions[application], application, application + 1);
                }
            }
            for (int i = 0; i < APPLICATIONS; i++) {
                awaitAnswers(1 + versions[i], i, i + 1);
            }
            stopping = true;
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(List.of(), List.copyOf(failures), () -> "seed " + seed);
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        } finally {
            stopping = true;
        }
    }

    private static InetSocketAddress addressOf(Command command, String name) throws InterruptedException {
        String line = command.await(name + " +\\| ~> http://127.0.0.1:\\d+/");
        int port = Integer.parseInt(line.replaceAll(".*:(\\d+)/", "$1"));
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void awaitAnswers(int version, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            int application = i;
            Await.until(
                    "version " + version + " of " + nameOf(i) + "; failures: " + failures,
                    () -> newest.get(application) >= version);
        }
    }

    /** Asks on and on, on one connection, which stays. */
    private void ask(int application, InetSocketAddress address) {
        try (Client client = Client.connect(address)) {
            while (!stopping) {
                String body = client.get("/").body();
                Matcher answer = ANSWER.matcher(body);
                int version = answer.matches() ? Integer.parseInt(answer.group(1)) : -1;
                if (version < newest.getAndAccumulate(application, version, Math::max)) {
                    failures.add(nameOf(application) + ": '" + body + "' after version " + newest.get(application));
                }
                Thread.sleep(5); // a load, and no overload
            }
        } catch (IOException | InterruptedException e) {
            failures.add(nameOf(application) + ": " + e);
        }
    }
}
