package dev.supervisor.change;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** By which a file that has changed is told from one that has not. */
record Stamp(FileTime modified, long size, @Nullable Object key) {

    static Stamp of(BasicFileAttributes attributes) {
        return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }

    /** Empty if it is not there. */
    static Optional<Stamp> of(Path file) {
        if (!file.toFile().exists()) {
            return Optional.empty(); // without an exception, which costs more than the look
        }
        try {
            return Optional.of(of(Files.readAttributes(file, BasicFileAttributes.class)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
