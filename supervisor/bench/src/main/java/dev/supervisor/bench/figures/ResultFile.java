package dev.supervisor.bench.figures;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.tools.ProjectPaths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The results of a benchmark on one Java version, as JSON. The figures in the documentation are taken from these files.
 *
 * @param figures a record, or a collection of records
 */
public record ResultFile<T>(String benchmark, Environment environment, T figures) {

    /** The Java versions on which the project is tested. */
    private static final List<Integer> VERSIONS = List.of(17, 25);

    private static final MathContext DIGITS = new MathContext(6);
    private static final JsonSerializer<Double> ROUNDED = (value, type, context) ->
            new JsonPrimitive(new BigDecimal(new BigDecimal(value).round(DIGITS).toPlainString()));
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .registerTypeAdapter(double.class, ROUNDED)
            .registerTypeAdapter(Double.class, ROUNDED)
            .create();

    /** Reads a committed file. */
    public static <T> ResultFile<T> read(String benchmark, int javaVersion, TypeToken<T> figures) {
        Path file = file(benchmark, javaVersion);
        try {
            JsonObject result = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            return new ResultFile<>(
                    benchmark,
                    GSON.fromJson(result.get("environment"), Environment.class),
                    GSON.fromJson(result.get("figures"), figures));
        } catch (IOException e) {
            throw new UncheckedIOException("no result of " + benchmark + " (run the benchmark): " + file, e);
        }
    }

    /** Reads the files of all Java versions that have one; there must be at least one. */
    public static <T> List<ResultFile<T>> readAll(String benchmark, TypeToken<T> figures) {
        List<ResultFile<T>> all = VERSIONS.stream()
                .filter(version -> Files.exists(file(benchmark, version)))
                .map(version -> read(benchmark, version, figures))
                .toList();
        if (all.isEmpty()) {
            throw new IllegalStateException("no result of " + benchmark + " (run the benchmark)");
        }
        return all;
    }

    /** Returns the feature version of the measured JVM, such as 25. */
    public int javaVersion() {
        return Runtime.Version.parse(environment.java().replaceAll(".* ", "")).feature();
    }

    /** Returns the file for a Java version. Each has its own, since their figures are compared. */
    private static Path file(String benchmark, int javaVersion) {
        return ProjectPaths.BENCH.resolve("results/" + benchmark + "-java" + javaVersion + ".json");
    }

    public void write() throws IOException {
        Path file = file(benchmark, Runtime.version().feature());
        Files.createDirectories(file.getParent());
        Files.writeString(file, GSON.toJson(this) + "\n");
        System.out.println("written to " + file + " ('supervisor/bench/run figures' puts it into the documentation)");
    }
}
