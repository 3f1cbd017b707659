package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.compile.Project;
import dev.supervisor.compile.ProjectFile;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The init script of docs/gradle.md, with Gradle if that is installed. */
@SameOnEveryJdk
@Timeout(300)
final class GradleIT {

    private static final Path SCRIPT =
            Path.of("../../docs/supervisor.init.gradle").toAbsolutePath().normalize();
    private static final long TIMEOUT_SECONDS = 120;

    private static final String BUILD = """
            subprojects {
                apply plugin: 'java'
                sourceCompatibility = 1.8
            }
            project(':lib') {
                task generate {
                    outputs.dir 'build/made'
                    doLast {
                        file('build/made/sample').mkdirs()
                        file('build/made/sample/Made.java').text = 'package sample; class Made { static String end = "!"; }'
                    }
                }
                sourceSets.main.java.srcDir generate
            }
            project(':app') {
                dependencies {
                    compile project(':lib')
                    compile files('more.jar')
                }
                compileJava.options.encoding = 'UTF-8'
            }
            """;

    private static final String MAIN = """
            package sample;

            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(arguments[0])), 0);
                    server.createContext("/", exchange -> {
                        byte[] body = Text.text().getBytes("UTF-8");
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
                    server.start();
                }
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temporary;

    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Tool gradle;

    @BeforeEach
    void write() throws IOException {
        gradle = Tool.find("gradle", "gradle");
        directory = Files.createDirectory(temporary.toRealPath().resolve("project"));
        write("settings.gradle", "include 'app', 'lib'\n");
        write("build.gradle", BUILD);
        write("app/src/main/java/sample/Main.java", MAIN);
        write("lib/src/main/java/sample/Text.java", text("one"));
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(directory.resolve("app/more.jar")))) {
            jar.putNextEntry(new ZipEntry("more.txt"));
        }
    }

    private static String text(String text) {
        return "package sample; public class Text { public static String text() { return \"" + text
                + "\" + Made.end; } }\n";
    }

    private void write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Path part = Files.writeString(temporary.resolve("part"), content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the project file. */
    private ProjectFile describe() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(gradle.command().toString(), "--offline", "--no-daemon", "-q"));
        command.addAll(List.of("-g", temporary.resolve("home").toString(), "-I", SCRIPT.toString()));
        command.add(":app:supervisorProject");
        Path log = temporary.resolve("gradle.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().remove("JAVA_HOME"); // it may be too new for this Gradle
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS), "Gradle does not end");
            assertEquals(0, process.exitValue(), Files.readString(log));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new ProjectFile(file());
    }

    private Path file() {
        return directory.resolve("app/build/supervisor/project.json");
    }

    @Test
    void eachSubprojectIsDescribedWithItsClassPathAndSources() throws Exception {
        Project project = describe().read();
        Path lib = directory.resolve("lib/build/supervisor/classes");
        Path more = directory.resolve("app/more.jar");
        assertEquals(directory, project.directory());
        assertEquals(directory.resolve("app/build/supervisor/classes"), project.app());
        assertEquals(
                List.of(lib, more),
                project.libraries().stream().sorted(byName(lib)).toList());
        assertEquals(
                List.of("lib", "app"),
                project.modules().stream().map(Project.Module::name).toList());
        Project.Module first = project.modules().get(0);
        assertEquals(
                List.of(directory.resolve("lib/src/main/java"), directory.resolve("lib/build/made")),
                first.sourceRoots());
        assertTrue(Files.exists(directory.resolve("lib/build/made/sample/Made.java")), "Gradle has generated it");
        Project.Module second = project.modules().get(1);
        assertEquals(
                List.of(lib, more),
                second.classPath().stream().sorted(byName(lib)).toList());
        assertEquals(
                List.of("-source", "1.8", "-target", "1.8", "-Xlint:-options", "-encoding", "UTF-8", "-g"),
                second.options());
        assertEquals(List.of(), second.processorPath());
        assertEquals(
                List.of(new Project.Resources(directory.resolve("app/src/main/resources"), "")), second.resources());
        assertFalse(Files.exists(directory.resolve("lib/build/libs")), "no jar has to be made");
    }

    private static Comparator<Path> byName(Path first) {
        return Comparator.comparing((Path path) -> !path.equals(first));
    }

    @Test
    void aSaveIsAnsweredNextAndTheProjectIsReadAnewWhenGradleHasDescribedIt() throws Exception {
        describe();
        int port = FreePort.find();
        String[] arguments = {"--project", file().toString(), "--main-class", "sample.Main", "--port", "" + port};
        List<String> line = new ArrayList<>(List.of(Command.SCRIPT.toString()));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--", "" + port));
        try (Command supervisor =
                Command.start(directory, Map.of("JAVA_HOME", System.getProperty("java.home")), line)) {
            InetSocketAddress address = supervisor.awaitSocket();
            supervisor.await("generation 1 serving .*");
            assertEquals("one!", Client.get(address, "/").body());
            write("lib/src/main/java/sample/Text.java", text("two"));
            assertEquals("two!", Client.get(address, "/").body());

            write("build.gradle", BUILD.replace("= 'UTF-8'", "= 'US-ASCII'"));
            describe();
            supervisor.await(".*the project was read anew");
            write("lib/src/main/java/sample/Text.java", text("three"));
            assertEquals("three!", Client.get(address, "/").body());
            supervisor.signal("TERM");
            assertEquals(0, supervisor.exitCode());
        }
    }
}
