package dev.supervisor.bench.servers;

import dev.supervisor.bench.builds.PlainClassPath;
import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ToolOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An AppCDS archive of the JDK's and Netty's classes that the application uses on plain Netty. They are recorded in a
 * run in which the application is started, answers a request, and ends. The archive has no classes of the application,
 * which change.
 *
 * @param home the directory of {@code app.jar}
 * @param options the options with which the JVM will run
 */
record ClassDataArchive(Path home, List<String> options, PlainClassPath classPath) {

    Path make(int port) throws IOException, InterruptedException {
        Path classes = home.resolve("classes.list");
        Path archive = home.resolve("classes.jsa");
        list(classes, port);
        List<String> dump = java("-Xshare:dump", "-XX:SharedClassListFile=" + classes);
        dump.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-cp", classPath.libraries()));
        ToolOutput report = ToolOutput.of(new ProcessBuilder(dump));
        if (!Files.exists(archive)) {
            throw new IllegalStateException("no archive of classes: " + report.text());
        }
        return archive;
    }

    private void list(Path classes, int port) throws IOException, InterruptedException {
        List<String> command = java("-XX:DumpLoadedClassList=" + classes);
        command.addAll(
                List.of("-cp", classPath.with(home.resolve("app.jar")), "versioned.Plain", "" + port, "graceful"));
        try (RunningRival running = RunningRival.start(new Rival("training run", home, port, command, ""))) {
            running.ask("/slow");
        }
    }

    private List<String> java(String... more) {
        List<String> command = new ArrayList<>(List.of(Programs.ofJdk("java")));
        command.addAll(options);
        command.addAll(List.of(more));
        return command;
    }
}
