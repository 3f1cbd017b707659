package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Reads manifests of jars. */
final class JarManifest {

    private JarManifest() {}

    /** Returns the main attributes; none if the jar is missing or incomplete. */
    static Attributes attributes(Path jar) {
        if (!Files.isRegularFile(jar)) {
            return new Attributes();
        }
        try (JarFile opened = new JarFile(jar.toFile(), false)) {
            return Optional.ofNullable(opened.getManifest())
                    .map(Manifest::getMainAttributes)
                    .orElseGet(Attributes::new);
        } catch (IOException e) {
            return new Attributes();
        }
    }
}
