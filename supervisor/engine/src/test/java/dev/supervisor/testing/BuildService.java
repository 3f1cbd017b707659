package dev.supervisor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Builds the sources of a {@link Project} in this JVM, for the scripts that build it. The builds are processes all the
 * same, with the compiler's messages and exit codes, but without the second in which a compiler of their own would start.
 *
 * <p>A script asks by a file in a directory, {@code NAME.request}, which has the path of the project, and finds {@code
 * NAME.messages} and then {@code NAME.code}.
 */
final class BuildService {

    private static final int TURN_MILLIS = 3;
    private static final String APPLICATION = "app.App";

    /** The script of a shell that builds the project in the current directory. It moves the jar into its place itself. */
    private static final String SCRIPT = """
            set -e
            echo build >> builds.txt
            request='%s'/$$
            rm -f $request.*
            pwd > $request.new
            mv $request.new $request.request
            while [ ! -e $request.code ]; do sleep 0.01; done
            cat $request.messages
            [ "$(cat $request.code)" = 0 ]
            mv $request.jar app.jar
            """;

    private static final Path REQUESTS = start();

    private BuildService() {}

    static String script() {
        return SCRIPT.formatted(REQUESTS);
    }

    private static Path start() {
        try {
            Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
            Path requests = Files.createTempDirectory(target, "test-builds");
            Thread thread = new Thread(() -> serve(requests), "test-builds");
            thread.setDaemon(true);
            thread.start();
            return requests;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(Path requests) {
        while (true) {
            try (var files = Files.newDirectoryStream(requests, "*.request")) {
                for (Path file : files) {
                    serveOne(file);
                }
                TimeUnit.MILLISECONDS.sleep(TURN_MILLIS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void serveOne(Path request) throws IOException {
        Path project = Path.of(Files.readString(request).strip());
        Files.delete(request);
        String name = request.getFileName().toString().replace(".request", "");
        String messages = "";
        String code = "0";
        try {
            Files.write(request.resolveSibling(name + ".jar"), build(project).jar());
        } catch (IllegalArgumentException e) {
            messages = String.valueOf(e.getMessage()).replaceAll("(?m)^.*/src/", "src/");
            code = "1";
        } catch (IOException e) { // a source was deleted while the others were read
            messages = e.toString();
            code = "1";
        }
        Files.writeString(request.resolveSibling(name + ".messages"), messages);
        Path coded = Files.writeString(request.resolveSibling(name + ".coded"), code);
        Files.move(coded, request.resolveSibling(name + ".code"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static TestBuild build(Path project) throws IOException {
        List<Path> sources;
        try (var files = Files.walk(project.resolve("src"))) {
            sources = files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
        String[] texts = new String[sources.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = Files.readString(sources.get(i));
        }
        return TestBuild.of(texts).withProvider(APPLICATION);
    }
}
