package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs Maven, on the JDK that runs this. */
public final class Maven {

    private Maven() {}

    /** Returns the command that runs goals of a project. */
    public static List<String> command(Path pom, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(Programs.installed("mvn", "maven"), "-B", "-f", pom.toString()));
        command.addAll(arguments);
        return command;
    }

    /** Runs goals of a project to the end; throws, with what Maven has printed, if they fail. */
    public static void run(Path pom, String... arguments) throws IOException {
        List<String> command = command(pom, List.of(arguments));
        command.add("-q");
        await(pom, start(command));
    }

    /** Begins to run goals; the returned future fails if they do. */
    public static CompletableFuture<?> start(Path pom, String... arguments) throws IOException {
        Process building = start(command(pom, List.of(arguments)));
        return CompletableFuture.supplyAsync(() -> await(pom, building));
    }

    private static String await(Path pom, Process building) {
        try {
            String output = new String(building.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (building.waitFor() != 0) {
                throw new IllegalStateException(pom + " can't be built: " + output);
            }
            return output;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(pom + " can't be built", e);
        }
    }

    private static Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }
}
