package dev.supervisor.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.compile.Project.Module;
import dev.supervisor.compile.Project.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A project of one or two modules, {@code lib} and {@code app}, which is compiled incrementally, and compared with the same
 * project compiled from scratch.
 */
final class TestProject implements AutoCloseable {

    private final Path root;
    private final List<String> names;
    private final List<Path> classPath = new ArrayList<>();
    private final List<Path> processorPath = new ArrayList<>();
    private final List<String> options = new ArrayList<>(List.of("-Xlint:-options", "-nowarn"));
    private final Map<Path, String> sources = new LinkedHashMap<>();
    private ProjectCompiler compiler;
    private int clean;

    TestProject(Path root, String... modules) throws IOException {
        this.root = root;
        this.names = List.of(modules);
        for (String name : names) {
            Files.createDirectories(root.resolve(name).resolve("src"));
        }
        this.compiler = compiler(root);
    }

    TestProject options(String... more) {
        options.addAll(List.of(more));
        reopen();
        return this;
    }

    TestProject libraries(Path... jars) {
        classPath.addAll(List.of(jars));
        reopen();
        return this;
    }

    TestProject processors(Path... jars) {
        processorPath.addAll(List.of(jars));
        reopen();
        return this;
    }

    /** Goes on as another process would, with what is on the disk. */
    void reopen() {
        compiler.close();
        compiler = compiler(root);
    }

    private Project project(Path directory) {
        List<Module> modules = new ArrayList<>();
        List<Path> before = new ArrayList<>(classPath);
        for (String name : names) {
            Path module = directory.resolve(name);
            modules.add(new Module(
                    name,
                    module,
                    List.of(root.resolve(name).resolve("src")),
                    module.resolve("classes"),
                    module.resolve("generated"),
                    before,
                    processorPath,
                    List.of(),
                    options,
                    List.of(new Resources(root.resolve(name).resolve("resources"), "")),
                    List.of(),
                    "",
                    ""));
            before = new ArrayList<>(before);
            before.add(0, module.resolve("classes"));
        }
        return new Project(directory, directory.resolve("app").resolve("classes"), List.of(), List.of(), modules);
    }

    private ProjectCompiler compiler(Path directory) {
        return new ProjectCompiler(
                new ProjectSource() {
                    @Override
                    public Project read() {
                        return project(directory);
                    }

                    @Override
                    public boolean isOutdated() {
                        return false;
                    }

                    @Override
                    public Delegate delegate() {
                        throw new IllegalStateException("nothing is delegated");
                    }
                },
                directory.resolve("graphs"));
    }

    /** Writes a source of the module {@code app}, or of the one that the name begins with. */
    TestProject write(String name, String content) throws IOException {
        Path file = file(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        sources.put(file, content);
        return this;
    }

    TestProject delete(String name) throws IOException {
        Files.delete(file(name));
        sources.remove(file(name));
        return this;
    }

    Path file(String name) {
        String first = name.substring(0, name.indexOf('/'));
        return names.contains(first)
                ? root.resolve(first).resolve("src").resolve(name.substring(first.length() + 1))
                : root.resolve(names.get(names.size() - 1)).resolve("src").resolve(name);
    }

    /** Deletes a directory, as {@code mvn clean} does. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    Path output(String module) {
        return root.resolve(module).resolve("classes");
    }

    ProjectCompiler.Result compile() {
        try {
            return compiler.compile(said -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compiles, and checks that a build from scratch ends in the same way, with the same files. */
    ProjectCompiler.Result compileAsFromScratch() throws IOException {
        Map<String, String> before = outputs(root);
        ProjectCompiler.Result result = compile();
        Path other = root.resolve("clean-" + ++clean);
        try (ProjectCompiler fromScratch = compiler(other)) {
            ProjectCompiler.Result expected = fromScratch.compile(said -> {});
            assertEquals(
                    expected.messages().hasErrors(),
                    result.messages().hasErrors(),
                    () -> "from scratch: " + expected.messages().lines() + "\nincrementally: "
                            + result.messages().lines() + "\n" + sources);
            Map<String, String> wanted = result.messages().hasErrors() ? before : outputs(other);
            assertEquals(wanted, outputs(root), () -> result.notes() + "\n" + sources);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return result;
    }

    ProjectCompiler.Result good() throws IOException {
        ProjectCompiler.Result result = compileAsFromScratch();
        assertFalse(
                result.messages().hasErrors(), () -> result.messages().lines().toString());
        return result;
    }

    ProjectCompiler.Result bad() throws IOException {
        ProjectCompiler.Result result = compileAsFromScratch();
        assertTrue(result.messages().hasErrors());
        return result;
    }

    private Map<String, String> outputs(Path directory) throws IOException {
        Map<String, String> outputs = new TreeMap<>();
        for (String name : names) {
            for (String kind : List.of("classes", "generated")) {
                Path from = directory.resolve(name).resolve(kind);
                FileTree.walk(
                        from,
                        file -> outputs.put(
                                name + "/" + kind + "/" + ClassFiles.nameOf(from, file),
                                Hash.of(Files.readAllBytes(file))));
            }
        }
        return outputs;
    }

    @Override
    public void close() {
        compiler.close();
    }
}
