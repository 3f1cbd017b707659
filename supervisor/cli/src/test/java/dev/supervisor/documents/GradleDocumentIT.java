package dev.supervisor.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Document;
import dev.supervisor.testing.DocumentShell;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The three ways of docs/gradle.md, with a project of two modules and the Gradle that is installed. */
@Timeout(300)
@SameOnEveryJdk
@EnabledOnOs(value = OS.LINUX, disabledReason = "the document has lines for a POSIX shell")
final class GradleDocumentIT {

    private static final Document DOCUMENT = Document.read("docs/gradle.md");
    private static final String TEXT = "lib/src/main/java/com/acme/Text.java";

    private static final String BUILD = """
            subprojects {
                apply plugin: 'java'
                sourceCompatibility = 1.8
            }
            project(':app') {
                dependencies {
                    compile project(':lib')
                }
            }
            """;

    private static final String MAIN = """
            package com.acme;

            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
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
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private DocumentShell shell;

    @BeforeEach
    void write() throws Exception {
        Path gradle = Tool.find("gradle", "gradle").command();
        shell = new DocumentShell(directory);
        shell.program("gradle", """
                unset JAVA_HOME # it may be too new for this Gradle
                exec GRADLE --offline --no-daemon "$@"
                """.replace("GRADLE", gradle.toString()));
        shell.with("GRADLE_USER_HOME", directory.resolve(".gradle").toString());
        Files.copy(Document.REPOSITORY.resolve("docs/supervisor.init.gradle"), shell.file("supervisor.init.gradle"));
        shell.write("settings.gradle", "include 'app', 'lib'\n");
        shell.write("build.gradle", BUILD);
        shell.write("app/src/main/java/com/acme/Main.java", MAIN);
        Files.createDirectories(shell.file("libs"));
        Files.createDirectories(shell.file("app/src/main/resources"));
        save("one");
    }

    private void save(String text) throws Exception {
        shell.write(
                TEXT,
                "package com.acme; public class Text { public static String text() { return \"" + text + "\"; } }\n");
    }

    private String answer() throws Exception {
        return Client.get(shell.address(8080), "/").body();
    }

    @Test
    void theSupervisorCompilesAsGradleDescribesTheProject() throws Exception {
        List<String> commands = DOCUMENT.block("gradle -q -I").commands();
        assertEquals(2, commands.size());
        shell.run(commands.get(0));
        isReloaded(commands.get(1));
    }

    @Test
    void theSupervisorRunsGradle() throws Exception {
        isReloaded(DOCUMENT.block("supervisor --build 'gradle").text());
    }

    private void isReloaded(String command) throws Exception {
        try (Command supervisor = shell.start(command)) {
            supervisor.await(".*generation 1 serving .*");
            assertEquals("one", answer());
            save("two");
            assertEquals("two", answer());
        }
    }

    @Test
    void gradleBuildsByItself() throws Exception {
        List<String> commands = DOCUMENT.block("gradle -t").commands();
        assertEquals(2, commands.size());
        try (Command gradle = shell.start(commands.get(0))) {
            gradle.await("Waiting for changes.*");
            try (Command supervisor = shell.start(commands.get(1))) {
                supervisor.await(".*generation 1 serving .*");
                assertEquals("one", answer());
                save("two");
                supervisor.await(".*generation 2 serving .*");
                assertEquals("two", answer());
            }
        }
    }
}
