package dev.supervisor.bench.builds;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.bench.tools.ProjectPaths;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks compile their applications only when they run. */
final class ApplicationsTest {

    @TempDir
    private Path classes;

    /** All but the one on Spring Boot, which is not on the class path. */
    @Test
    void theApplicationsOfTheBenchmarksCompile() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String application : List.of("hello", "saved", "versioned")) {
            try (var files = Files.newDirectoryStream(ProjectPaths.application(application), "*.java")) {
                files.forEach(sources::add);
            }
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("--release", "17", "-proc:none", "-d", classes.toString());
            var files = manager.getJavaFileObjectsFromPaths(sources);
            assertTrue(
                    compiler.getTask(output, manager, null, options, null, files)
                            .call(),
                    output::toString);
        }
    }
}
