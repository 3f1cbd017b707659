package dev.supervisor.compile;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file with a {@link Project}, as JSON. A plugin of a build tool writes it, and the supervisor reads it. */
public final class ProjectFile {

    private static final Gson GSON = new GsonBuilder()
            .registerTypeHierarchyAdapter(Path.class, new PathAdapter())
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .create();

    private final Path path;

    public ProjectFile(Path path) {
        this.path = path;
    }

    /** @throws IOException if there is no such file, or it is none of these */
    public Project read() throws IOException {
        String text = Files.readString(path);
        try {
            Project project = GSON.fromJson(text, Project.class);
            if (project == null) {
                throw new IOException(path + " is empty");
            }
            return project;
        } catch (JsonParseException | NullPointerException e) { // NullPointerException: a component is missing
            throw new IOException(path + " describes no project: " + e.getMessage(), e);
        }
    }

    /** Writes the file as a whole: no reader sees a part of it. */
    public void write(Project project) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(path + " is no file");
        }
        Files.createDirectories(parent);
        Path part = Files.createTempFile(parent, "project", ".part");
        try {
            Files.writeString(part, GSON.toJson(project));
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
