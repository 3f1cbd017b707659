package dev.supervisor.bench.tools;

import java.nio.file.Files;
import java.nio.file.Path;

/** The files of the project. Benchmarks run in the project's directory, their tests in the module's. */
public final class ProjectPaths {

    public static final Path ROOT = Path.of(Files.isDirectory(Path.of("supervisor/bench")) ? "" : "../..");
    public static final Path BENCH = ROOT.resolve("supervisor/bench");

    private ProjectPaths() {}

    /** Returns the directory of the sources of an application that benchmarks compile. */
    public static Path application(String name) {
        return BENCH.resolve("applications").resolve(name);
    }

    /** Returns the source file of a class of such an application. */
    public static String source(String name) {
        return application(name + ".java").toString();
    }
}
