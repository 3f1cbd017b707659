package dev.supervisor.testing;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** The compiler of this JVM, with the class path of the tests, whose jars it reads once. */
final class Compiler {

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    private static final StandardJavaFileManager FILES = files();

    private Compiler() {}

    private static StandardJavaFileManager files() {
        StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, null);
        try {
            files.setLocation(
                    StandardLocation.CLASS_PATH,
                    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                            .map(File::new)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /**
     * Compiles sources into a directory of classes.
     *
     * @throws IllegalArgumentException if they have errors; its message is the compiler's
     */
    static void compile(List<String> options, List<Path> sources, Path classes) throws IOException {
        if (options.isEmpty()) {
            synchronized (FILES) {
                FILES.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
                compile(FILES, List.of(), sources);
            }
            return;
        }
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
        try (StandardJavaFileManager own = COMPILER.getStandardFileManager(null, null, null)) {
            compile(own, all, sources);
        }
    }

    private static void compile(StandardJavaFileManager files, List<String> options, List<Path> sources) {
        List<String> all = new ArrayList<>(options);
        all.add("-proc:none");
        StringWriter messages = new StringWriter();
        if (!COMPILER.getTask(messages, files, null, all, null, files.getJavaFileObjectsFromPaths(sources))
                .call()) {
            throw new IllegalArgumentException(messages.toString());
        }
    }
}
