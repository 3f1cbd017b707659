package dev.supervisor.generation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Builds of applications, as a build tool would leave them. */
final class Jars {

    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private Jars() {}

    static Jars jar() {
        return new Jars();
    }

    Jars with(String name, String text) {
        entries.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Jars withClassPath(String classPath) {
        return with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nClass-Path: " + classPath + "\r\n\r\n");
    }

    Jars withService(Class<?>... providers) {
        StringBuilder names = new StringBuilder();
        for (Class<?> provider : providers) {
            names.append(provider.getName()).append('\n');
        }
        return with("META-INF/services/dev.supervisor.spi.Application", names.toString());
    }

    /** The same bytes as in this JVM. */
    Jars withClasses(Class<?>... types) throws IOException {
        return withClassesIn("", types);
    }

    /** @param directory empty, or with a slash at its end */
    Jars withClassesIn(String directory, Class<?>... types) throws IOException {
        for (Class<?> type : types) {
            String name = type.getName().replace('.', '/') + ".class";
            try (InputStream bytes =
                    Objects.requireNonNull(type.getClassLoader()).getResourceAsStream(name)) {
                entries.put(directory + name, Objects.requireNonNull(bytes).readAllBytes());
            }
        }
        return this;
    }

    Jars withFile(String name, Path file) throws IOException {
        entries.put(name, Files.readAllBytes(file));
        return this;
    }

    /** Over what is there, in place. */
    Path writeTo(Path path) throws IOException {
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        try (OutputStream file = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry named = new ZipEntry(entry.getKey());
                named.setTime(0); // equal builds have equal bytes
                zip.putNextEntry(named);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return path;
    }

    /** As a directory of classes. */
    Path unpackTo(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            Path file = directory.resolve(entry.getKey());
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(file, entry.getValue());
        }
        return directory;
    }
}
