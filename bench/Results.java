package bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a benchmark has measured, as JSON; {@code figures} is a record, or a collection of such. */
record Results(String benchmark, Environment environment, Object figures) {

    private static final MathContext DIGITS = new MathContext(6);
    private static final JsonSerializer<Double> ROUNDED = (value, type, context) ->
            new JsonPrimitive(new BigDecimal(new BigDecimal(value).round(DIGITS).toPlainString()));
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .registerTypeAdapter(double.class, ROUNDED)
            .registerTypeAdapter(Double.class, ROUNDED)
            .create();

    /** For each Java version, since the figures of one are compared with those of another. */
    Path file() {
        return Path.of(
                "bench/results/" + benchmark + "-java" + Runtime.version().feature() + ".json");
    }

    void write() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), GSON.toJson(this) + "\n");
        System.out.println("written to " + file());
    }
}
