package dev.supervisor.load;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a result as JSON. Characters with a meaning in HTML are escaped, so that the JSON can be part of a page. */
public final class Json {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private Json() {}

    public static void write(LoadResult result, Path file) throws IOException {
        Files.writeString(file, text(result) + "\n");
    }

    static String text(LoadResult result) {
        return GSON.toJson(result);
    }
}
