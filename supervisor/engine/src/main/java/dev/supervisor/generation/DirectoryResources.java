package dev.supervisor.generation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jboss.modules.AbstractResourceLoader;
import org.jboss.modules.ClassSpec;
import org.jboss.modules.IterableResourceLoader;
import org.jboss.modules.PackageSpec;
import org.jboss.modules.PathUtils;
import org.jboss.modules.Resource;
import org.jboss.modules.ResourceLoaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads classes and resources from the copy of a directory, from memory as far as possible. An application that asks for the URL
 * of a resource may make a {@link java.io.File} of it, so it is written to disk then. From the URL of a class or a directory it
 * may go on to the files beside it, so all are written.
 */
final class DirectoryResources extends AbstractResourceLoader implements IterableResourceLoader {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryResources.class);

    private final CopiedFiles files;
    private final FilesOnDisk disk;
    private final URL location;
    private final CodeSource codeSource;
    private final Optional<Manifest> manifest;
    private final Collection<String> paths;

    /** For what the application may have made itself in the written directory, and for what has to be a file. */
    private final IterableResourceLoader written;

    DirectoryResources(CopiedFiles files, FilesOnDisk disk) throws MalformedURLException {
        this.files = files;
        this.disk = disk;
        this.location = disk.root().toUri().toURL();
        this.codeSource = new CodeSource(location, (CodeSigner[]) null);
        this.manifest = files.file(JarFile.MANIFEST_NAME).flatMap(DirectoryResources::manifest);
        this.paths = files.directories().stream()
                .map(directory -> PathUtils.toGenericSeparators(
                        files.root().relativize(directory).toString()))
                .toList();
        this.written = ResourceLoaders.createPathResourceLoader(disk.root());
    }

    private static Optional<Manifest> manifest(CopiedFile file) {
        try (InputStream in = file.open()) {
            return Optional.of(new Manifest(in));
        } catch (IOException e) { // JBoss Modules ignores one that it can't read, too
            LOG.debug("no usable manifest", e);
            return Optional.empty();
        }
    }

    @Override
    public @Nullable ClassSpec getClassSpec(String fileName) throws IOException {
        Optional<CopiedFile> file = files.file(fileName);
        if (file.isEmpty()) {
            return disk.isWhole() ? written.getClassSpec(fileName) : null;
        }
        ClassSpec spec = new ClassSpec();
        spec.setBytes(file.get().bytes());
        spec.setCodeSource(codeSource);
        return spec;
    }

    @Override
    public @Nullable PackageSpec getPackageSpec(String name) throws IOException {
        return getPackageSpec(name, manifest.orElse(null), location);
    }

    @Override
    public @Nullable Resource getResource(String name) {
        String clean = PathUtils.canonicalize(PathUtils.relativize(name));
        Path path = files.path(clean);
        if (path == null) {
            return null;
        }
        Optional<CopiedFile> file = files.file(path);
        if (file.isPresent()) {
            return new CopiedResource(clean, path, file);
        }
        if (files.isDirectory(path)) {
            return new CopiedResource(clean, path, Optional.empty());
        }
        return disk.isWhole() ? written.getResource(name) : null;
    }

    /** A file or, without a content, a directory. */
    private final class CopiedResource implements Resource {

        private final String name;
        private final Path path;
        private final Optional<CopiedFile> file;

        CopiedResource(String name, Path path, Optional<CopiedFile> file) {
            this.name = name;
            this.path = path;
            this.file = file;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public URL getURL() {
            try {
                if (file.isPresent() && !name.endsWith(".class")) {
                    disk.write(path);
                } else {
                    disk.writeAll();
                }
                return disk.placeOf(path).toUri().toURL();
            } catch (IOException e) {
                throw new UncheckedIOException("can't write " + name + " to " + disk.root(), e);
            }
        }

        @Override
        public InputStream openStream() throws IOException {
            return file.isPresent() ? file.get().open() : getURL().openStream();
        }

        @Override
        public long getSize() {
            return file.map(CopiedFile::size).orElse(0L);
        }
    }

    @Override
    public Iterator<Resource> iterateResources(String startPath, boolean recursive) {
        Path start = files.path(PathUtils.relativize(PathUtils.canonicalize(startPath)));
        if (start == null || !(files.isDirectory(start) || files.file(start).isPresent() || disk.isWhole())) {
            return Collections.emptyIterator();
        }
        writeAll();
        return written.iterateResources(startPath, recursive);
    }

    @Override
    public @Nullable String getLibrary(String name) {
        String file = System.mapLibraryName(name);
        if (!disk.isWhole() && files.files().keySet().stream().noneMatch(path -> path.endsWith(file))) {
            return null;
        }
        writeAll();
        return written.getLibrary(name);
    }

    private void writeAll() {
        try {
            disk.writeAll();
        } catch (IOException e) {
            throw new UncheckedIOException("can't write the files of " + files.root() + " to " + disk.root(), e);
        }
    }

    @Override
    public Collection<String> getPaths() {
        return paths;
    }

    @Override
    public URI getLocation() {
        return disk.root().toUri();
    }

    @Override
    public void close() {
        written.close();
    }
}
