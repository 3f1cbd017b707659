package dev.supervisor.generation;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import org.jboss.modules.ClassSpec;
import org.jboss.modules.IterableResourceLoader;
import org.jboss.modules.PackageSpec;
import org.jboss.modules.Resource;
import org.jboss.modules.ResourceLoaders;
import org.jspecify.annotations.Nullable;

/**
 * Loads classes and resources from a private copy, but reports the original place: the location of a class's code
 * source is a {@code file:} URL there, which libraries turn into a {@code File}. Resources of a root that is served
 * {@linkplain ClassPathRoot#inPlace in place} are loaded from the original.
 */
final class CopiedResources implements IterableResourceLoader {

    private final IterableResourceLoader copy;
    private final Collection<String> paths;
    private final URL source;
    private final Optional<RequestedResources> asked;

    /** Loads resources other than classes: from the copy, or from the original if the root is served in place. */
    private final IterableResourceLoader others;

    private CopiedResources(
            IterableResourceLoader copy,
            Collection<String> paths,
            URL source,
            Optional<RequestedResources> asked,
            IterableResourceLoader others) {
        this.copy = copy;
        this.paths = paths;
        this.source = source;
        this.asked = asked;
        this.others = others;
    }

    static CopiedResources open(PrivateCopy copy) throws IOException {
        return open(copy, "");
    }

    /** @param directory in a jar, the directory that counts; empty for the whole jar */
    static CopiedResources open(PrivateCopy copy, String directory) throws IOException {
        if (!Files.isDirectory(copy.path())) {
            return openJar(copy.path(), directory, copy.sourceUrl());
        }
        IterableResourceLoader loader = ResourceLoaders.createPathResourceLoader(copy.path());
        IterableResourceLoader others =
                copy.asked().isPresent() ? ResourceLoaders.createPathResourceLoader(copy.source()) : loader;
        return new CopiedResources(loader, loader.getPaths(), copy.sourceUrl(), copy.asked(), others);
    }

    /**
     * Opens a jar.
     *
     * @param directory the directory in it that counts; empty for the whole jar
     * @param source reported as its place
     */
    static CopiedResources openJar(Path path, String directory, URL source) throws IOException {
        // without the runtime's version, a multi-release jar gives its oldest classes
        JarFile jar = new JarFile(path.toFile(), false, ZipFile.OPEN_READ, Runtime.version());
        IterableResourceLoader loader = directory.isEmpty()
                ? ResourceLoaders.createJarResourceLoader(jar)
                : ResourceLoaders.createJarResourceLoader(jar, directory);
        Collection<String> paths = jar.isMultiRelease() && directory.isEmpty()
                ? versionedPaths(jar, loader.getPaths())
                : loader.getPaths();
        return new CopiedResources(loader, paths, source, Optional.empty(), loader);
    }

    /** Returns the paths including the packages that a multi-release jar has for newer versions only. */
    private static Collection<String> versionedPaths(JarFile jar, Collection<String> paths) {
        Set<String> all = new LinkedHashSet<>(paths);
        jar.versionedStream()
                .map(entry -> entry.getName())
                .filter(name -> name.contains("/"))
                .forEach(name -> all.add(name.substring(0, name.lastIndexOf('/'))));
        return all;
    }

    @Override
    public @Nullable ClassSpec getClassSpec(String fileName) throws IOException {
        ClassSpec spec = copy.getClassSpec(fileName);
        if (spec != null) {
            spec.setCodeSource(new CodeSource(source, spec.getCodeSource().getCodeSigners()));
        }
        return spec;
    }

    @Override
    public PackageSpec getPackageSpec(String name) throws IOException {
        return copy.getPackageSpec(name);
    }

    @Override
    public @Nullable Resource getResource(String name) {
        if (name.endsWith(".class")) {
            return copy.getResource(name);
        }
        asked.ifPresent(names -> names.add(name));
        return others.getResource(name);
    }

    @Override
    public Iterator<Resource> iterateResources(String startPath, boolean recursive) {
        return others.iterateResources(startPath, recursive);
    }

    @Override
    public @Nullable String getLibrary(String name) {
        return others.getLibrary(name);
    }

    @Override
    public Collection<String> getPaths() {
        return paths;
    }

    @Override
    public URI getLocation() {
        return copy.getLocation();
    }

    @Override
    public void close() {
        copy.close();
    }
}
