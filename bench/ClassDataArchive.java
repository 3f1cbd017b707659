package bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An archive of the JDK's and Netty's classes that the application uses on plain Netty (AppCDS), from a run in which it is
 * started, asked and ended. It has no classes of the application, which change.
 */
final class ClassDataArchive {

    private final String java;
    private final List<String> options;
    private final PlainClassPath classPath;

    /** @param options those that the JVM will run with */
    ClassDataArchive(String java, List<String> options, PlainClassPath classPath) {
        this.java = java;
        this.options = options;
        this.classPath = classPath;
    }

    /** @param home where {@code app.jar} is */
    Path make(Path home) throws IOException, InterruptedException {
        Path classes = home.resolve("classes.list");
        Path archive = home.resolve("classes.jsa");
        listClasses(classes, home);
        List<String> dump = java("-Xshare:dump", "-XX:SharedClassListFile=" + classes, "-XX:SharedArchiveFile=" + archive);
        dump.addAll(List.of("-cp", classPath.libraries()));
        Process dumping = new ProcessBuilder(dump)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("archive.output").toFile())
                .start();
        if (dumping.waitFor() != 0 || !Files.exists(archive)) {
            throw new IllegalStateException(
                    "no archive of classes: " + Files.readString(home.resolve("archive.output")));
        }
        return archive;
    }

    private void listClasses(Path list, Path home) throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        List<String> command = java("-XX:DumpLoadedClassList=" + list);
        command.addAll(List.of("-cp", classPath.with(home.resolve("app.jar")), "versioned.Plain"));
        command.addAll(List.of(String.valueOf(port), "graceful"));
        Rival training = new Rival("training", "training", "http://127.0.0.1:" + port + "/", command, "", home.resolve("training.output"));
        try (RunningRival running = RunningRival.start(training)) {
            running.ask("slow");
        }
    }

    private List<String> java(String... more) {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(options);
        command.addAll(List.of(more));
        return command;
    }
}
