package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Browser;
import dev.supervisor.testing.Project;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Save a source, reload the browser: with a real one. */
@Timeout(180)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the build is a script of a POSIX shell")
@SameOnEveryJdk
class SaveAndReloadIT {

    @TempDir
    private Path directory;

    @Test
    void aReloadDuringTheBuildShowsTheNewPageAndNeverAnError() throws Exception {
        Project project = Project.create(directory, "one");
        project.write("slow.sh", "while [ -e slow ]; do sleep 0.05; done; exec sh build.sh");
        try (Tab tab = Browser.find().tab();
                Running running =
                        Running.http(project.jar(), options -> project.built(options, "sh slow.sh", OnBusy.RESTART))) {
            running.awaitServing(1);
            tab.go("http://127.0.0.1:" + running.address().getPort() + "/");
            assertEquals("one", tab.evaluate("document.body.innerText"));

            project.write("slow", "");
            project.say("two");
            running.await(
                    Event.Building.class,
                    event -> running.events(Event.Building.class).size() == 2);
            tab.evaluate(
                    "new Promise(left => { addEventListener('beforeunload', () => left(1)); location.reload(); })");
            Files.delete(directory.resolve("slow"));
            tab.await("document.body.innerText === 'two'");
            assertEquals("200", tab.evaluate("performance.getEntriesByType('navigation')[0].responseStatus"));
            assertEquals(List.of(), tab.complaints());
        }
    }
}
