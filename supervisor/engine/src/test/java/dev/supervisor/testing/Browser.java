package dev.supervisor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real one, without a window. Starts anew, with an empty profile, for each page. */
public final class Browser {

    private static final long TIMEOUT_SECONDS = 60;

    private static final List<String> OPTIONS = List.of(
            "--headless",
            "--no-sandbox", // it may not run as root with one
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--window-size=1100,2400");

    private final Path command;

    private Browser(Path command) {
        this.command = command;
    }

    /** Skips the test, loudly, if there is none. */
    public static Browser find() {
        return new Browser(Tool.find("chromium", "chromium").command());
    }

    /** The document as it is after its scripts have run. */
    public String dom(Path page) throws IOException, InterruptedException {
        return run("--dump-dom", page.toUri().toString());
    }

    /** What one sees, in a file that stays among the outputs of the build. */
    public Path screenshot(Path page, String name) throws IOException, InterruptedException {
        Path file = Files.createDirectories(Path.of("target/screenshots"))
                .resolve(name + ".png")
                .toAbsolutePath();
        run("--screenshot=" + file, page.toUri().toString());
        return file;
    }

    /** An empty page that stays. */
    public Tab tab() throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory("browser");
        return Tab.open(line(profile, "--remote-debugging-port=0", "about:blank"), profile);
    }

    private List<String> line(Path profile, String... arguments) {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(OPTIONS);
        line.add("--user-data-dir=" + profile);
        line.addAll(List.of(arguments));
        return line;
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory("browser");
        Path output = Files.createTempFile("browser", ".out");
        Process process = new ProcessBuilder(line(profile, arguments))
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the browser does not end");
            }
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            Files.delete(output);
            deleteTree(profile);
        }
    }

    static void deleteTree(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
