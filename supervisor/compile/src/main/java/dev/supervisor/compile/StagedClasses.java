package dev.supervisor.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Class files of a module on the disk, beside its output, for the compilation of later modules: javac finds modules of the Java
 * language in files only, and the output itself is written when all modules are good.
 */
final class StagedClasses {

    private final Path directory;
    private Map<String, MemoryFile> written = new HashMap<>();

    /** @param directory emptied first */
    StagedClasses(Path directory) throws IOException {
        this.directory = directory;
        FileTree.walk(directory, Files::delete);
    }

    void write(ClassFiles classes) throws IOException {
        Map<String, MemoryFile> next = classes.all().collect(Collectors.toMap(MemoryFile::relativeName, file -> file));
        for (Map.Entry<String, MemoryFile> file : next.entrySet()) {
            if (written.get(file.getKey()) != file.getValue()) {
                Path path = directory.resolve(file.getKey());
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                Files.write(path, file.getValue().content());
            }
        }
        for (String name : written.keySet()) {
            if (!next.containsKey(name)) {
                Files.deleteIfExists(directory.resolve(name));
            }
        }
        written = next;
    }
}
