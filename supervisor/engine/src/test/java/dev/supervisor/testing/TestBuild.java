package dev.supervisor.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;

/** A build of an application, compiled from source: as bytes of a jar, or as files. Immutable. */
public final class TestBuild {

    private static final String SERVICE = "META-INF/services/dev.supervisor.spi.Application";
    private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
    private static final Pattern TYPE = Pattern.compile("(?:class|interface|record|enum) (\\w+)");
    private static final Map<List<String>, Map<String, byte[]>> COMPILED = new ConcurrentHashMap<>();

    private final Map<String, byte[]> entries;
    private final List<String> classPath;
    private final Optional<String> mainClass;

    private TestBuild(Map<String, byte[]> entries, List<String> classPath, Optional<String> mainClass) {
        this.entries = entries;
        this.classPath = classPath;
        this.mainClass = mainClass;
    }

    public static TestBuild empty() {
        return new TestBuild(Map.of(), List.of(), Optional.empty());
    }

    /** Compiles these sources together, against the SPI and Netty. */
    public static TestBuild of(String... sources) {
        return empty().withClasses(List.of(), sources);
    }

    /** @param options for the compiler, such as {@code --release 25} */
    public TestBuild withClasses(List<String> options, String... sources) {
        List<String> key = new ArrayList<>(options);
        key.addAll(List.of(sources));
        return with(COMPILED.computeIfAbsent(key, k -> compile(options, sources)));
    }

    public TestBuild withProvider(String... classNames) {
        return withResource(SERVICE, String.join("\n", classNames) + "\n");
    }

    public TestBuild withResource(String name, String text) {
        return with(Map.of(name, text.getBytes(StandardCharsets.UTF_8)));
    }

    public TestBuild with(Map<String, byte[]> more) {
        Map<String, byte[]> all = new LinkedHashMap<>(entries);
        all.putAll(more);
        return new TestBuild(all, classPath, mainClass);
    }

    public TestBuild without(String name) {
        Map<String, byte[]> fewer = new LinkedHashMap<>(entries);
        fewer.remove(name);
        return new TestBuild(fewer, classPath, mainClass);
    }

    /** The files, by their names in the jar. */
    public Map<String, byte[]> entries() {
        return entries;
    }

    /** Adds {@code Class-Path} entries to the manifest of the jar. */
    public TestBuild withClassPath(String... urls) {
        return new TestBuild(entries, List.of(urls), mainClass);
    }

    /** Adds a {@code Main-Class} to the manifest of the jar. */
    public TestBuild withMainClass(String name) {
        return new TestBuild(entries, classPath, Optional.of(name));
    }

    public byte[] jar() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!classPath.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", classPath));
        }
        mainClass.ifPresent(name -> manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, name));
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            jar.putNextEntry(entry(JarFile.MANIFEST_NAME));
            manifest.write(jar);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(entry(entry.getKey()));
                jar.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The same build gives the same bytes, whenever that is. */
    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        return entry;
    }

    /** Moves the jar into place as a whole, as good build tools do. */
    public void moveTo(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        Path temporary = Files.createTempFile(parent, "new", ".tmp");
        Files.write(temporary, jar());
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes the jar in place, as many build tools do. */
    public void writeTo(Path path) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.write(path, jar());
    }

    /** Writes the classes and resources as files. */
    public void explodeTo(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            Path file = directory.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue());
        }
    }

    private static Map<String, byte[]> compile(List<String> options, String... sources) {
        try {
            Path directory = Files.createTempDirectory("test-build");
            try {
                return compileIn(directory, options, sources);
            } finally {
                deleteAll(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, byte[]> compileIn(Path directory, List<String> options, String... sources)
            throws IOException {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        List<Path> files = new ArrayList<>();
        for (String source : sources) {
            Path file = directory.resolve("src").resolve(fileOf(source));
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, source));
        }
        Compiler.compile(options, files, classes);
        Map<String, byte[]> result = new LinkedHashMap<>();
        try (var compiled = Files.walk(classes)) {
            for (Path file : compiled.filter(Files::isRegularFile).sorted().toList()) {
                result.put(classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        return result;
    }

    private static String fileOf(String source) {
        Matcher packageName = PACKAGE.matcher(source);
        Matcher type = TYPE.matcher(source);
        if (!type.find()) {
            throw new IllegalArgumentException("no type in " + source);
        }
        String directory = packageName.find() ? packageName.group(1).replace('.', '/') + "/" : "";
        return directory + type.group(1) + ".java";
    }

    private static void deleteAll(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
