package dev.supervisor.compile;

import dev.supervisor.compile.Project.Module;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/** What each source of a module is compiled with: options, jars, annotation processors. Not thread-safe. */
final class Conditions implements Closeable {

    static final String MODULE_INFO = "module-info.java";

    private final JavaCompiler javac;
    private final Module module;

    /** The class path without what is in memory. */
    private final List<Path> onDisk;

    private final List<Path> modulePath;

    /** Keeps the directories of the jars that it reads. Made anew when a jar has changed. */
    private @Nullable StandardJavaFileManager standard;

    private Optional<Processors> processors = Optional.empty();
    private String fingerprint = "";

    /**
     * @param inMemory the directories of classes that other modules have in memory, with the places of their copies for javac's
     *     module path
     */
    Conditions(JavaCompiler javac, Module module, Map<Path, Path> inMemory) {
        this.javac = javac;
        this.module = module;
        this.onDisk = module.classPath().stream()
                .filter(entry -> !inMemory.containsKey(entry))
                .toList();
        this.modulePath = module.classPath().stream()
                .map(entry -> inMemory.getOrDefault(entry, entry))
                .toList();
    }

    /** Returns the directories of classes that others write. */
    List<Path> foreignDirectories() {
        return onDisk.stream().filter(Files::isDirectory).toList();
    }

    /** Looks at all of it, and returns a hash of it. */
    String look() throws IOException {
        StringBuilder all = new StringBuilder();
        all.append(Runtime.version()).append(isNamed()).append(module.options()).append(module.processors());
        for (Path root : module.sourceRoots()) {
            all.append('\n').append(root);
        }
        for (Path entry : module.classPath()) {
            all.append('\n').append(entry).append(stampOf(entry));
        }
        for (Path entry : module.processorPath()) {
            all.append('\n').append(entry).append(stampOf(entry));
        }
        String now = Hash.of(all.toString());
        if (standard == null || !now.equals(fingerprint)) {
            close();
            fingerprint = now;
            standard = open();
            processors = module.processorPath().isEmpty()
                    ? Optional.empty()
                    : Optional.of(Processors.open(module.processorPath(), module.processors()))
                            .filter(found -> !found.isEmpty());
        }
        return now;
    }

    /** The classes of a directory are compared one by one. */
    private static String stampOf(Path entry) throws IOException {
        if (!Files.isRegularFile(entry)) {
            return "";
        }
        Stamp stamp = Stamp.of(entry);
        return " " + stamp.size() + " " + stamp.modified().toMillis();
    }

    private StandardJavaFileManager open() throws IOException {
        StandardJavaFileManager manager = javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
        manager.setLocationFromPaths(
                StandardLocation.CLASS_PATH,
                onDisk.stream().filter(Files::exists).toList());
        if (!isNamed()) {
            manager.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of()); // by default that is the class path
        } else {
            manager.setLocationFromPaths(
                    StandardLocation.MODULE_PATH,
                    modulePath.stream().filter(Files::exists).toList());
        }
        return manager;
    }

    /** Returns whether it is a module of the Java language, too. */
    boolean isNamed() {
        return module.sourceRoots().stream().anyMatch(root -> Files.exists(root.resolve(MODULE_INFO)));
    }

    /** Returns whether what annotation processors make may depend on each source. */
    boolean areAllSourcesNeeded() {
        return processors.filter(found -> !found.areIsolating()).isPresent();
    }

    /** Runs javac as it was last looked at. */
    JavacRun.Result run(Collection<Path> sources, ClassFiles own, List<ClassFiles> others) {
        StandardJavaFileManager manager = Objects.requireNonNull(standard);
        CompilerFiles files = new CompilerFiles(manager, module.generatedSources(), own, others);
        return new JavacRun(javac, manager, files)
                .compile(sources, JavacOptions.of(module.options(), processors.isPresent()), processors);
    }

    @Override
    public void close() throws IOException {
        if (standard != null) {
            standard.close();
        }
        standard = null;
        if (processors.isPresent()) {
            processors.get().close();
        }
        processors = Optional.empty();
    }
}
