package dev.supervisor.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/**
 * The files of one run of javac: its output goes to memory, and the classes of the project come from there. All else comes
 * from a standard file manager, which stays open for the next run.
 */
final class CompilerFiles extends ForwardingJavaFileManager<StandardJavaFileManager> {

    /**
     * A file that was made.
     *
     * @param origin the file that it was made of, as far as javac tells
     */
    record Made(MemoryFile file, Optional<FileObject> origin) {}

    private final Path generatedSources;
    private final ClassFiles own;
    private final List<ClassFiles> others;
    private final Map<String, Made> outputs = new LinkedHashMap<>();
    private final Map<String, Made> sources = new LinkedHashMap<>();

    /**
     * @param own the classes of this module that are not compiled now
     * @param others the classes of modules that it depends on
     */
    CompilerFiles(StandardJavaFileManager standard, Path generatedSources, ClassFiles own, List<ClassFiles> others) {
        super(standard);
        this.generatedSources = generatedSources;
        this.own = own;
        this.others = others;
    }

    /** Returns the directory of sources that annotation processors make. */
    Path generatedSources() {
        return generatedSources;
    }

    /** Returns what was made for the output, by name: classes and resources. */
    Map<String, Made> outputs() {
        return outputs;
    }

    /** Returns the sources that annotation processors have made, by name. */
    Map<String, Made> sources() {
        return sources;
    }

    @Override
    public Iterable<JavaFileObject> list(Location location, String packageName, Set<Kind> kinds, boolean recurse)
            throws IOException {
        boolean classPath = location == StandardLocation.CLASS_PATH;
        if (!classPath && location != StandardLocation.CLASS_OUTPUT) {
            return super.list(location, packageName, kinds, recurse);
        }
        List<JavaFileObject> found = new ArrayList<>();
        if (kinds.contains(Kind.CLASS)) {
            found.addAll(own.in(packageName, recurse));
            if (classPath) {
                others.forEach(other -> found.addAll(other.in(packageName, recurse)));
            }
        }
        if (classPath) {
            super.list(location, packageName, kinds, recurse).forEach(found::add);
        }
        return found;
    }

    @Override
    public boolean hasLocation(Location location) {
        return location == StandardLocation.CLASS_OUTPUT
                || location == StandardLocation.SOURCE_OUTPUT
                || super.hasLocation(location);
    }

    @Override
    public @Nullable String inferBinaryName(Location location, JavaFileObject file) {
        return file instanceof MemoryFile memory ? memory.binaryName() : super.inferBinaryName(location, file);
    }

    @Override
    public boolean isSameFile(FileObject one, FileObject other) {
        if (one instanceof MemoryFile || other instanceof MemoryFile) {
            return one.toUri().equals(other.toUri());
        }
        return super.isSameFile(one, other);
    }

    @Override
    public boolean contains(Location location, FileObject file) throws IOException {
        if (file instanceof MemoryFile memory) {
            return location == StandardLocation.SOURCE_OUTPUT
                    ? memory.getKind() == Kind.SOURCE
                    : location == StandardLocation.CLASS_OUTPUT
                            && memory.directory().equals(own.directory());
        }
        return super.contains(location, file);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
            Location location, String className, Kind kind, @Nullable FileObject sibling) {
        return output(location, className.replace('.', '/') + kind.extension, kind, sibling);
    }

    @Override
    public FileObject getFileForOutput(
            Location location, String packageName, String relativeName, @Nullable FileObject sibling) {
        return output(location, nameOf(packageName, relativeName), Kind.OTHER, sibling);
    }

    private MemoryFile output(Location location, String name, Kind kind, @Nullable FileObject sibling) {
        boolean source = location == StandardLocation.SOURCE_OUTPUT;
        Path directory = source ? generatedSources : own.directory();
        MemoryFile file = new MemoryFile(directory, name, kind, new byte[0]);
        (source ? sources : outputs).put(name, new Made(file, Optional.ofNullable(sibling)));
        return file;
    }

    private static String nameOf(String packageName, String relativeName) {
        return packageName.isEmpty() ? relativeName : packageName.replace('.', '/') + "/" + relativeName;
    }

    @Override
    public @Nullable FileObject getFileForInput(Location location, String packageName, String relativeName)
            throws IOException {
        if (location == StandardLocation.CLASS_OUTPUT || location == StandardLocation.SOURCE_OUTPUT) {
            boolean source = location == StandardLocation.SOURCE_OUTPUT;
            String name = nameOf(packageName, relativeName);
            Made made = (source ? sources : outputs).get(name);
            Path directory = source ? generatedSources : own.directory();
            return made != null ? made.file() : onDisk(directory, name);
        }
        return super.getFileForInput(location, packageName, relativeName);
    }

    private static @Nullable FileObject onDisk(Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.isRegularFile(file) ? new MemoryFile(directory, name, Kind.OTHER, Files.readAllBytes(file)) : null;
    }

    @Override
    public @Nullable JavaFileObject getJavaFileForInput(Location location, String className, Kind kind)
            throws IOException {
        if (location == StandardLocation.CLASS_OUTPUT) {
            String name = className.replace('.', '/') + kind.extension;
            return own.content(name)
                    .map(content -> new MemoryFile(own.directory(), name, kind, content))
                    .orElse(null);
        }
        return super.getJavaFileForInput(location, className, kind);
    }

    /** The standard file manager stays. */
    @Override
    public void close() {}
}
