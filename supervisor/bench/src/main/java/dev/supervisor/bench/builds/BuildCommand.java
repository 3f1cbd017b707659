package dev.supervisor.bench.builds;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs build tools, on the JDK that runs this. */
public final class BuildCommand {

    private BuildCommand() {}

    /** Runs a command to the end; throws, with what it has printed, if it fails. */
    public static void run(List<String> command) throws IOException {
        await(command, process(command));
    }

    /** Begins to run a command; the returned future fails if it does. */
    public static CompletableFuture<?> start(List<String> command) throws IOException {
        Process building = process(command);
        return CompletableFuture.runAsync(() -> await(command, building));
    }

    private static Process process(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private static void await(List<String> command, Process building) {
        try {
            String output = new String(building.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (building.waitFor() != 0) {
                throw new IllegalStateException("'" + String.join(" ", command) + "' fails: " + output);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("'" + String.join(" ", command) + "' fails", e);
        }
    }
}
