package bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Load tests of the supervisor's command line that run at the same time, each in a process of its own. */
final class LoadTests implements AutoCloseable {

    private static final String SUPERVISOR = "supervisor/target/dist/bin/supervisor";
    private static final String VERSION = "v(\\d+)";

    private final Path directory;
    private final List<Running> running = new ArrayList<>();
    private final Thread atExit = new Thread(this::end);

    private record Running(Process process, Path json, Path output) {}

    LoadTests(Path directory) {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    void start(String name, String url, List<String> options) throws IOException {
        Path json = directory.resolve(name + ".json");
        Path output = directory.resolve(name + ".output");
        List<String> command = new ArrayList<>(List.of(SUPERVISOR, "load-test", url));
        command.addAll(options);
        command.addAll(List.of("--version-regex", VERSION, "--threads", "1", "--json", json.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        running.add(new Running(process, json, output));
    }

    /** In the order of their start; that requests have failed is no failure of the load test. */
    List<JsonObject> results() throws IOException, InterruptedException {
        List<JsonObject> results = new ArrayList<>();
        for (Running test : running) {
            test.process().waitFor();
            if (!Files.exists(test.json())) {
                throw new IllegalStateException("a load test has failed: " + Files.readString(test.output()));
            }
            results.add(JsonParser.parseString(Files.readString(test.json())).getAsJsonObject());
        }
        return results;
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    private void end() {
        for (Running test : running) {
            test.process().destroyForcibly();
        }
    }
}
