package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first application that a newcomer sees is copied from the README. */
@Timeout(120)
class ReadmeIT {

    @Test
    void theApplicationInTheReadmeServes(@TempDir Path directory) throws Exception {
        String readme = Files.readString(Path.of("../../README.md"));
        int start = readme.indexOf("```java\n") + "```java\n".length();
        String source = readme.substring(start, readme.indexOf("```", start));
        assertTrue(source.startsWith("package hello;"), source);
        Path jar = directory.resolve("hello.jar");
        TestBuild.of(source).withProvider("hello.Hello").moveTo(jar);
        try (Running running = Running.http(jar)) {
            running.awaitServing(1);
            assertEquals("Hello, world\n", Client.get(running.address(), "/").body());
        }
    }
}
