package dev.supervisor.bench.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A rival that runs, and has answered. */
public final class RunningRival implements AutoCloseable {

    private static final long START_SECONDS = 30;
    private static final long END_SECONDS = 10;

    private final Rival rival;
    private final Process process;
    private final Thread atExit = new Thread(this::end);

    private RunningRival(Rival rival, Process process) {
        this.rival = rival;
        this.process = process;
    }

    public static RunningRival start(Rival rival) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(rival.command());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(rival.output().toFile())
                .start();
        RunningRival running = new RunningRival(rival, process);
        Runtime.getRuntime().addShutdownHook(running.atExit);
        running.awaitFirstAnswer();
        return running;
    }

    private void awaitFirstAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try {
                ask("/");
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    close();
                    throw new IllegalStateException(
                            rival.name() + " did not start: " + Files.readString(rival.output()), e);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    public String url(String path) {
        return rival.url(path);
    }

    String ask(String path) throws IOException {
        try (InputStream in = URI.create(rival.url(path)).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    /** Ends the process. The scripts end the processes that they started, and wait for them; the rest is killed. */
    private void end() {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        process.destroy();
        try {
            process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
