package dev.supervisor.generation;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jboss.modules.AbstractResourceLoader;
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
final class CopiedResources extends AbstractResourceLoader implements IterableResourceLoader {

    /**
     * A private copy.
     *
     * @param directory in a jar, the directory that counts; empty for the whole jar, and for a directory of classes
     * @param source reported as its place
     */
    record Place(Path path, String directory, String source, boolean isJar) {

        static Place ofJar(Path path, String directory, URL source) {
            return new Place(path, directory, source.toString(), true);
        }

        /** Returns whether both are copies of the same file or directory. */
        boolean isFromSource(Place other) {
            return source.equals(other.source);
        }
    }

    /** Tells an entry of a jar from another one, without reading it. */
    record Content(long checksum, long size) {}

    /** What a jar tells of its content without being read. */
    private record Jar(JarFile file, String directory) {

        @Nullable
        ZipEntry entry(String name) {
            return file.getJarEntry(directory.isEmpty() ? name : directory + "/" + name);
        }
    }

    private final Place place;
    private final URL source;
    private final IterableResourceLoader copy;
    private final Collection<String> paths;
    private final Optional<Jar> jar;
    private final Optional<RequestedResources> asked;

    /** Loads resources other than classes: from the copy, or from the original if the root is served in place. */
    private final IterableResourceLoader others;

    /** By those of the copy: one for all classes with the same signers, since the module makes a protection domain of each. */
    private final Map<CodeSource, CodeSource> codeSources = new ConcurrentHashMap<>();

    private Optional<LoadedClasses> loaded = Optional.empty();

    private CopiedResources(
            Place place,
            URL source,
            IterableResourceLoader copy,
            Collection<String> paths,
            Optional<Jar> jar,
            Optional<RequestedResources> asked,
            IterableResourceLoader others) {
        this.place = place;
        this.source = source;
        this.copy = copy;
        this.paths = paths;
        this.jar = jar;
        this.asked = asked;
        this.others = others;
    }

    static CopiedResources open(PrivateCopy copy) throws IOException {
        return open(copy, "");
    }

    /** @param directory in a jar, the directory that counts; empty for the whole jar */
    static CopiedResources open(PrivateCopy copy, String directory) throws IOException {
        if (!copy.stamp().directory()) {
            return openJar(Place.ofJar(copy.path(), directory, copy.sourceUrl()));
        }
        Optional<DirectoryResources> inMemory = copy.resources();
        IterableResourceLoader loader =
                inMemory.isPresent() ? inMemory.get() : ResourceLoaders.createPathResourceLoader(copy.path());
        IterableResourceLoader others =
                copy.asked().isPresent() ? ResourceLoaders.createPathResourceLoader(copy.source()) : loader;
        Place place = new Place(copy.path(), "", copy.sourceUrl().toString(), false);
        return new CopiedResources(
                place, copy.sourceUrl(), loader, loader.getPaths(), Optional.empty(), copy.asked(), others);
    }

    static CopiedResources openJar(Place place) throws IOException {
        // without the runtime's version, a multi-release jar gives its oldest classes
        JarFile file = new JarFile(place.path().toFile(), false, ZipFile.OPEN_READ, Runtime.version());
        String directory = place.directory().replaceFirst("/$", "");
        IterableResourceLoader loader = directory.isEmpty()
                ? ResourceLoaders.createJarResourceLoader(file)
                : ResourceLoaders.createJarResourceLoader(file, directory);
        Collection<String> paths = file.isMultiRelease() && directory.isEmpty()
                ? versionedPaths(file, loader.getPaths())
                : loader.getPaths();
        Jar jar = new Jar(file, directory);
        URL source = new URL(place.source());
        return new CopiedResources(place, source, loader, paths, Optional.of(jar), Optional.empty(), loader);
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

    /** Notes the classes that are loaded. Called before any is. */
    void noteIn(LoadedClasses classes) {
        loaded = Optional.of(classes);
    }

    Place place() {
        return place;
    }

    /** Returns whether the root has this file, of which it may tell no content. */
    boolean has(String file) {
        return jar.isPresent() ? jar.get().entry(file) != null : copy.getResource(file) != null;
    }

    /** Returns the content of a file in a jar; empty if there is none, and for a directory of classes. */
    Optional<Content> contentOf(String file) {
        return jar.map(opened -> opened.entry(file)).map(entry -> new Content(entry.getCrc(), entry.getSize()));
    }

    /** Returns what the manifest tells of a package, to compare it. */
    String packageText(String directory) {
        try {
            PackageSpec spec = getPackageSpec(directory.replace('/', '.'));
            return spec == null
                    ? ""
                    : String.join(
                            "\n",
                            String.valueOf(spec.getSpecTitle()),
                            String.valueOf(spec.getSpecVersion()),
                            String.valueOf(spec.getSpecVendor()),
                            String.valueOf(spec.getImplTitle()),
                            String.valueOf(spec.getImplVersion()),
                            String.valueOf(spec.getImplVendor()),
                            String.valueOf(spec.getSealBase()));
        } catch (IOException e) {
            return "unknown in " + place.path();
        }
    }

    @Override
    public @Nullable ClassSpec getClassSpec(String fileName) throws IOException {
        ClassSpec spec = copy.getClassSpec(fileName);
        if (spec != null) {
            spec.setCodeSource(codeSources.computeIfAbsent(
                    spec.getCodeSource(), original -> new CodeSource(source, original.getCodeSigners())));
            loaded.ifPresent(classes -> classes.add(fileName, place));
        }
        return spec;
    }

    /** The manifest is the jar's, even if only a directory in it counts. */
    @Override
    public @Nullable PackageSpec getPackageSpec(String name) throws IOException {
        PackageSpec spec = jar.isPresent()
                ? getPackageSpec(name, jar.get().file().getManifest(), source)
                : copy.getPackageSpec(name);
        if (spec != null && spec.getSealBase() != null) {
            spec.setSealBase(source); // a sealed package takes classes from the place of the code source only
        }
        return spec;
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
