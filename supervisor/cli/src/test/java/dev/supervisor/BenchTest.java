package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** {@code bench/run} compiles the benchmarks only when it is used. */
class BenchTest {

    private static final Path BENCH = Path.of("../../bench");

    @TempDir
    private Path classes;

    @Test
    void theBenchmarksAndTheirApplicationsCompile() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String source : List.of(
                "hello/Hello", "saved/Page", "saved/Text", "timed/Timed", "versioned/Plain", "versioned/Versioned")) {
            sources.add(BENCH.resolve(source + ".java"));
        }
        try (var files = Files.newDirectoryStream(BENCH, "*.java")) {
            files.forEach(sources::add);
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("--release", "17", "-proc:none", "-d", classes.toString());
            assertTrue(
                    compiler.getTask(output, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources))
                            .call(),
                    output::toString);
        }
    }
}
