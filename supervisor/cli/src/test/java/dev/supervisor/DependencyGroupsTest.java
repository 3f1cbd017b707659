package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.admin.AdminServer;
import dev.supervisor.cli.SupervisorCommand;
import dev.supervisor.leaks.LeakSearch;
import dev.supervisor.load.LoadTest;
import dev.supervisor.testing.ClassDependencies;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DependencyGroupsTest {

    /** Of classes that all depend on each other, if over others: none of them can be understood alone. */
    private static final int LARGEST_GROUP = 5;

    /** Classes of libraries that are in the engine's jar. */
    private static final String OF_OTHERS = "dev.supervisor.shaded.";

    @ParameterizedTest
    @ValueSource(
            classes = {Supervisor.class, LeakSearch.class, LoadTest.class, AdminServer.class, SupervisorCommand.class})
    void fewClassesOfAModuleAllReachEachOther(Class<?> ofModule) throws URISyntaxException {
        Path classes = Path.of(
                ofModule.getProtectionDomain().getCodeSource().getLocation().toURI());
        assertEquals(
                List.of(),
                ClassDependencies.read(classes, "dev.supervisor.").groups().stream()
                        .filter(group -> group.size() > LARGEST_GROUP)
                        .filter(group -> group.stream().noneMatch(name -> name.startsWith(OF_OTHERS)))
                        .toList());
    }
}
