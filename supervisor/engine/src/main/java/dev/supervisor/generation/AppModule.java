package dev.supervisor.generation;

import dev.supervisor.calls.CallRedirection;
import dev.supervisor.generation.CopiedResources.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.modules.DependencySpec;
import org.jboss.modules.JDKModuleFinder;
import org.jboss.modules.Module;
import org.jboss.modules.ModuleDependencySpecBuilder;
import org.jboss.modules.ModuleLoadException;
import org.jboss.modules.ModuleLoader;
import org.jboss.modules.ModuleSpec;
import org.jboss.modules.ResourceLoader;
import org.jboss.modules.ResourceLoaderSpec;
import org.jboss.modules.ResourceLoaders;
import org.jboss.modules.filter.PathFilter;
import org.jspecify.annotations.Nullable;

/**
 * The classes of one generation: a module in a {@link ModuleLoader} of its own, which is unloaded when the last
 * reference to it is dropped. A class is looked up in this order:
 *
 * <ol>
 *   <li>the supervisor's Netty and SPI, even if the application bundles its own (see {@link SharedPackages} and
 *       {@link ApplicationTls} for exceptions)
 *   <li>the application and its libraries
 *   <li>the JDK's packages
 *   <li>the supervisor's SLF4J, if the application brings none
 * </ol>
 *
 * No other class of the supervisor is visible.
 */
final class AppModule implements AutoCloseable {

    /** Finds the JDK's modules, which are linked once for all generations. */
    private static final ModuleLoader JDK = new ModuleLoader(JDKModuleFinder.getInstance());

    private static final CallRedirection REDIRECTION = CallRedirection.ofSpi();
    private static final CallRedirection REDIRECTION_OF_PROGRAMS = CallRedirection.ofPrograms();

    private final Loader loader;
    private final Module module;
    private final Program program;
    private final LoadedClasses loaded;
    private List<CopiedResources> roots;
    private boolean isPrepared;

    private AppModule(
            Loader loader, Module module, Program program, LoadedClasses loaded, List<CopiedResources> roots) {
        this.loader = loader;
        this.module = module;
        this.program = program;
        this.loaded = loaded;
        this.roots = roots;
    }

    /** The loader of one module. */
    private static final class Loader extends ModuleLoader {

        private final String name;

        private Loader(String name, AtomicReference<@Nullable ModuleSpec> once) {
            super((asked, loader) -> asked.equals(name) ? once.getAndSet(null) : null);
            this.name = name;
        }

        /** The specification is not kept: it leads to all roots. */
        static Loader of(String name, List<CopiedResources> roots, Program program) {
            return new Loader(name, new AtomicReference<>(spec(name, roots, program)));
        }

        void replaceRoots(Module module, List<ResourceLoaderSpec> roots) throws ModuleLoadException {
            setAndRefreshResourceLoaders(module, roots);
            relink(module);
        }

        /** For the JVM's messages. */
        @Override
        public String toString() {
            return "the loader of " + name;
        }
    }

    /**
     * Links a module.
     *
     * @param name the module's name, which appears in stack traces and thread dumps
     * @param roots closed with the module, and if it can't be linked
     */
    static AppModule link(String name, List<CopiedResources> roots, Program program) throws ModuleLoadException {
        LoadedClasses loaded = new LoadedClasses();
        try {
            noteLoaded(program, roots, loaded);
            Loader loader = Loader.of(name, roots, program);
            return new AppModule(loader, loader.loadModule(name), program, loaded, roots);
        } catch (ModuleLoadException | RuntimeException | Error e) {
            roots.forEach(ResourceLoader::close);
            throw e;
        }
    }

    /** Opens what a module of this snapshot has its classes from. */
    static List<CopiedResources> open(Snapshot snapshot, Program program) throws IOException {
        List<CopiedResources> roots = new ArrayList<>();
        try {
            List<PrivateCopy> copies = snapshot.copies();
            roots.add(CopiedResources.open(copies.get(0), program.classes()));
            if (!program.libraries().isEmpty()) {
                for (Path nested : snapshot.extract(program.libraries())) {
                    roots.add(CopiedResources.openJar(
                            Place.ofJar(nested, "", nested.toUri().toURL())));
                }
            }
            for (PrivateCopy copy : copies.subList(1, copies.size())) {
                roots.add(CopiedResources.open(copy));
            }
            return roots;
        } catch (IOException | RuntimeException | Error e) {
            roots.forEach(ResourceLoader::close);
            throw e;
        }
    }

    /** Only the modules of programs are prepared for, see {@link AppModules}. */
    private static void noteLoaded(Program program, List<CopiedResources> roots, LoadedClasses loaded) {
        if (program.isUnmodified()) {
            roots.forEach(root -> root.noteIn(loaded));
        }
    }

    private static List<ResourceLoader> filtered(List<CopiedResources> roots, Program program) {
        PathFilter notShared = notShared(program);
        return roots.stream()
                .<ResourceLoader>map(root -> ResourceLoaders.createFilteredResourceLoader(notShared, root))
                .toList();
    }

    /**
     * Has a program load its classes from other roots from now on. The classes that it has loaded stay.
     *
     * @param next closed with the module; the former roots are closed
     */
    void replaceRoots(List<CopiedResources> next) throws ModuleLoadException {
        noteLoaded(program, next, loaded);
        loader.replaceRoots(
                module,
                filtered(next, program).stream()
                        .map(ResourceLoaderSpec::createResourceLoaderSpec)
                        .toList());
        List<CopiedResources> former = roots;
        isPrepared = true;
        roots = next;
        former.forEach(ResourceLoader::close);
    }

    private static ModuleSpec spec(String name, List<CopiedResources> roots, Program program) {
        List<ResourceLoader> resources = filtered(roots, program);
        ModuleSpec.Builder spec = ModuleSpec.build(name).addDependency(DependencySpec.OWN_DEPENDENCY);
        for (java.lang.Module jdkModule : ModuleLayer.boot().modules()) {
            spec.addDependency(new ModuleDependencySpecBuilder()
                    .setModuleLoader(JDK)
                    .setName(jdkModule.getName())
                    .build());
        }
        resources.forEach(resource -> spec.addResourceRoot(ResourceLoaderSpec.createResourceLoaderSpec(resource)));
        return program.isUnmodified() ? ofProgram(spec) : ofSpi(spec, resources);
    }

    private static ModuleSpec ofProgram(ModuleSpec.Builder spec) {
        return spec.setFallbackLoader(SharedPackages.withProgram())
                .setClassFileTransformer(REDIRECTION_OF_PROGRAMS)
                .create();
    }

    private static ModuleSpec ofSpi(ModuleSpec.Builder spec, List<ResourceLoader> resources) {
        if (ApplicationTls.isNeededFor(resources)) {
            spec.addResourceRoot(ResourceLoaderSpec.createResourceLoaderSpec(new ApplicationTls()));
        }
        boolean bringsSlf4j =
                resources.stream().anyMatch(root -> root.getPaths().contains(SharedPackages.SLF4J));
        return spec.setFallbackLoader(SharedPackages.withSpi(bringsSlf4j))
                .setClassFileTransformer(REDIRECTION)
                .create();
    }

    private static PathFilter notShared(Program program) {
        return program.isUnmodified()
                ? path -> !SharedPackages.isForcedOnPrograms(path)
                : path -> !SharedPackages.isForced(path);
    }

    ClassLoader classLoader() {
        return module.getClassLoader();
    }

    /** Returns whether some of its classes were loaded before its build was there. */
    boolean isPrepared() {
        return isPrepared;
    }

    /** The classes of a program; none are noted of an application of the SPI. */
    LoadedClasses loaded() {
        return loaded;
    }

    List<CopiedResources> roots() {
        return roots;
    }

    /** Closes the jars. From then on, no further class can be loaded. */
    @Override
    public void close() {
        roots.forEach(ResourceLoader::close);
    }
}
