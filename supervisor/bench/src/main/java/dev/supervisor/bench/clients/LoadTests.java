package dev.supervisor.bench.clients;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.bench.builds.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Several {@code supervisor load-test} at the same time, each in a process of its own. */
public final class LoadTests implements AutoCloseable {

    private final Path directory;
    private final List<Running> running = new ArrayList<>();
    private final Thread atExit = new Thread(this::end);

    private record Running(Process process, Path json, Path output) {}

    public LoadTests(Path directory) {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts a load test, which looks for the version in each answer. */
    public void start(String url, List<String> options) throws IOException {
        Path json = directory.resolve("load-test-" + running.size() + ".json");
        Path output = directory.resolve("load-test-" + running.size() + ".output");
        List<String> command = new ArrayList<>(List.of(Distribution.SUPERVISOR.toString(), "load-test", url));
        command.addAll(List.of("--version-regex", "v(\\d+)", "--json", json.toString()));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        running.add(new Running(process, json, output));
    }

    /**
     * Waits for the load tests, and returns their results in the order of their start. A load test with failed requests
     * still has a result.
     */
    public List<JsonObject> results() throws IOException, InterruptedException {
        List<JsonObject> results = new ArrayList<>();
        for (Running test : running) {
            test.process().waitFor();
            if (!Files.exists(test.json())) {
                throw new IllegalStateException("no load test: " + Files.readString(test.output()));
            }
            JsonObject result =
                    JsonParser.parseString(Files.readString(test.json())).getAsJsonObject();
            requireAllReloads(result);
            results.add(result);
        }
        return results;
    }

    private static void requireAllReloads(JsonObject result) {
        for (JsonElement reload : result.getAsJsonArray("reloads")) {
            if (reload.getAsJsonObject().has("error")) {
                throw new IllegalStateException("a reload has failed: " + reload);
            }
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    private void end() {
        running.forEach(test -> test.process().destroyForcibly());
    }
}
