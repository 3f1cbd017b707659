package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.Maven;
import dev.supervisor.testing.Project;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** From saving a source to the page that shows it, with a real build by Maven into a directory of classes. */
@Timeout(180)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the build is a command of a POSIX shell")
@SameOnEveryJdk
class MavenBuildIT {

    @TempDir
    private Path directory;

    private Project project;

    @BeforeEach
    void createProject() throws Exception {
        Maven.assumeThere();
        project = Project.create(directory, "one");
        project.write("pom.xml", Maven.pom());
        project.write("resources/META-INF/services/dev.supervisor.spi.Application", "app.App\n");
    }

    @Test
    void aSaveIsShownAnErrorIsLocatedAndMendingItIsEnough() throws Exception {
        try (Running running = Running.http(
                directory.resolve("target/classes"),
                options -> project.built(options, Maven.command("-q compile"), OnBusy.RESTART))) {
            assertEquals("one", Client.get(running.address(), "/").body());

            project.say("two");
            running.awaitServing(2);
            assertEquals("two", Client.get(running.address(), "/").body());

            project.say("three\" + ; \"");
            running.await(Event.Failed.class);
            Answer answer = Client.get(running.address(), "/");
            assertEquals(503, answer.status(), answer::body);
            assertTrue(answer.body().contains("src/app/Text.java:5:26"), answer.body());
            assertTrue(answer.body().contains("illegal start of expression"), answer.body());
            assertTrue(answer.body().contains("return \"three\" + ;"), answer.body());

            project.say("four");
            running.awaitServing(3);
            assertEquals("four", Client.get(running.address(), "/").body());
        }
    }
}
