package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/** Builds of the demo, one after another, as {@code demo-app.jar} in a directory. */
final class DemoBuilds {

    private static final Path DEMO = Path.of("../../demo-app").toAbsolutePath().normalize();
    private static final String PAGE = "dev/supervisor/demo/Page";
    private static final String SERVICE = "META-INF/services/dev.supervisor.spi.Application";
    private static final String LINE = "private static final String GREETING = \"Hello from the demo\";";

    private final Path directory;

    private DemoBuilds(Path directory) {
        this.directory = directory;
    }

    /** Puts the first build there, with its libraries. */
    static DemoBuilds begin(Path directory) throws IOException {
        DemoBuilds builds = new DemoBuilds(directory);
        Files.copy(DEMO.resolve("target/demo-app.jar"), builds.jar());
        Path lib = Files.createDirectory(directory.resolve("lib"));
        try (var libraries = Files.newDirectoryStream(DEMO.resolve("target/lib"))) {
            for (Path library : libraries) {
                Files.copy(library, lib.resolve(library.getFileName().toString()));
            }
        }
        return builds;
    }

    private Path jar() {
        return directory.resolve("demo-app.jar");
    }

    /** Moves a build into place that differs in nothing that one sees. */
    void rebuild() throws IOException {
        replace(Map.of("rebuilt", Long.toString(Files.size(jar())).getBytes(StandardCharsets.UTF_8)));
    }

    /** Moves a build into place that can't start. */
    void fail() throws IOException {
        replace(Map.of(SERVICE, "there.is.None".getBytes(StandardCharsets.UTF_8)));
    }

    /** Changes the line that README and the page name, and compiles that. */
    byte[] greeting(String text) throws IOException {
        String source = Files.readString(DEMO.resolve("src/main/java/" + PAGE + ".java"));
        String changed = source.replace(LINE, LINE.replace("Hello from the demo", text));
        assertNotEquals(source, changed, "the line to change is there");
        Path sources = Files.createTempDirectory(directory, "page");
        Path page = Files.writeString(sources.resolve("Page.java"), changed);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        String classPath = jar() + File.pathSeparator + System.getProperty("java.class.path");
        List<String> options = List.of("-proc:none", "-cp", classPath, "-d", sources.toString(), page.toString());
        int code = ToolProvider.getSystemJavaCompiler().run(null, messages, messages, options.toArray(String[]::new));
        assertEquals(0, code, () -> messages.toString(StandardCharsets.UTF_8));
        return Files.readAllBytes(sources.resolve(PAGE + ".class"));
    }

    /** Moves a build with this greeting into place, which starts. */
    void greet(byte[] greeting) throws IOException {
        byte[] service = "dev.supervisor.demo.DemoApplication".getBytes(StandardCharsets.UTF_8);
        replace(Map.of(PAGE + ".class", greeting, SERVICE, service));
    }

    private void replace(Map<String, byte[]> entries) throws IOException {
        Path next = directory.resolve("next.jar");
        Files.copy(jar(), next);
        try (FileSystem zip = FileSystems.newFileSystem(next)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                Files.write(zip.getPath(entry.getKey()), entry.getValue());
            }
        }
        Files.move(next, jar(), StandardCopyOption.ATOMIC_MOVE);
    }
}
