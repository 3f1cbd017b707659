package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/** Reads manifests of jars. */
final class JarManifest {

    private JarManifest() {}

    /** Returns a main attribute; empty if the jar is missing or incomplete. */
    static Optional<String> attribute(Path jar, Attributes.Name name) {
        if (!Files.isRegularFile(jar)) {
            return Optional.empty();
        }
        try (JarFile opened = new JarFile(jar.toFile(), false)) {
            return Optional.ofNullable(opened.getManifest())
                    .map(manifest -> manifest.getMainAttributes().getValue(name));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
