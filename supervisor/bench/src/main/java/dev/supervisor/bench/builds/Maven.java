package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs Maven, on the JDK that runs this. */
final class Maven {

    private Maven() {}

    /** Runs goals of a project to the end; throws, with what Maven has printed, if they fail. */
    static void run(Path pom, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Programs.installed("mvn", "maven"), "-B", "-q", "-f", pom.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process building = builder.start();
        String output = new String(building.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (building.waitFor() != 0) {
            throw new IllegalStateException(pom + " can't be built: " + output);
        }
    }
}
