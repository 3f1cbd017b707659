package dev.supervisor.compile;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a {@link ModuleGraph} on disk, so that a restart compiles only what has changed since. */
record GraphFile(Path path) {

    private static final Logger LOG = LoggerFactory.getLogger(GraphFile.class);

    /** Changes with what is kept, and with what it means. */
    private static final int VERSION = 1;

    private record Content(int version, ModuleGraph graph) {}

    private static final Gson GSON = new GsonBuilder()
            .registerTypeHierarchyAdapter(Path.class, new PathAdapter())
            .enableComplexMapKeySerialization()
            .disableHtmlEscaping()
            .create();

    /** Returns an empty graph if there is none that can be used. */
    ModuleGraph read() {
        try (BufferedReader in = Files.newBufferedReader(path)) {
            Content content = GSON.fromJson(in, Content.class);
            return content == null || content.version() != VERSION ? ModuleGraph.empty() : whole(content.graph());
        } catch (NoSuchFileException e) {
            return ModuleGraph.empty();
        } catch (IOException | JsonParseException | NullPointerException e) {
            LOG.info("all sources are compiled again, since {} can't be used: {}", path, e.toString());
            return ModuleGraph.empty();
        }
    }

    private static ModuleGraph whole(ModuleGraph graph) {
        Objects.requireNonNull(graph.fingerprint());
        graph.sources().values().forEach(facts -> Objects.requireNonNull(facts.generated()));
        Objects.requireNonNull(graph.outputs());
        Objects.requireNonNull(graph.resources());
        Objects.requireNonNull(graph.foreign());
        return graph;
    }

    /** Writes the graph as a whole. */
    void write(ModuleGraph graph) throws IOException {
        Path parent = Objects.requireNonNull(path.getParent());
        Files.createDirectories(parent);
        Path part = Files.createTempFile(parent, "graph", ".part");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(part)) {
                GSON.toJson(new Content(VERSION, graph), out);
            }
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
