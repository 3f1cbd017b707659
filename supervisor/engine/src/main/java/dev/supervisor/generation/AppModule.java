package dev.supervisor.generation;

import dev.supervisor.calls.CallRedirection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.modules.DependencySpec;
import org.jboss.modules.JDKModuleFinder;
import org.jboss.modules.Module;
import org.jboss.modules.ModuleDependencySpecBuilder;
import org.jboss.modules.ModuleFinder;
import org.jboss.modules.ModuleLoadException;
import org.jboss.modules.ModuleLoader;
import org.jboss.modules.ModuleSpec;
import org.jboss.modules.ResourceLoader;
import org.jboss.modules.ResourceLoaderSpec;
import org.jboss.modules.ResourceLoaders;
import org.jboss.modules.filter.PathFilter;

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

    private final Module module;
    private final List<ResourceLoader> resources;

    private AppModule(Module module, List<ResourceLoader> resources) {
        this.module = module;
        this.resources = resources;
    }

    /**
     * Links the module of a snapshot.
     *
     * @param name the module's name, which appears in stack traces and thread dumps
     */
    static AppModule link(String name, Snapshot snapshot, Program program) throws IOException, ModuleLoadException {
        List<ResourceLoader> roots = new ArrayList<>();
        try {
            List<PrivateCopy> copies = snapshot.copies();
            roots.add(CopiedResources.open(copies.get(0), program.classes()));
            if (!program.libraries().isEmpty()) {
                for (Path nested : snapshot.extract(program.libraries())) {
                    roots.add(CopiedResources.openJar(nested, "", nested.toUri().toURL()));
                }
            }
            for (PrivateCopy copy : copies.subList(1, copies.size())) {
                roots.add(CopiedResources.open(copy));
            }
            return link(name, roots, program);
        } catch (IOException | ModuleLoadException | RuntimeException | Error e) {
            roots.forEach(ResourceLoader::close);
            throw e;
        }
    }

    private static AppModule link(String name, List<ResourceLoader> roots, Program program) throws ModuleLoadException {
        PathFilter notShared = notShared(program);
        List<ResourceLoader> resources = roots.stream()
                .map(root -> ResourceLoaders.createFilteredResourceLoader(notShared, root))
                .toList();
        ModuleFinder finder = (asked, loader) -> asked.equals(name) ? spec(name, resources, program) : null;
        return new AppModule(new ModuleLoader(finder).loadModule(name), resources);
    }

    private static ModuleSpec spec(String name, List<ResourceLoader> resources, Program program) {
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

    /** Closes the jars. From then on, no further class can be loaded. */
    @Override
    public void close() {
        resources.forEach(ResourceLoader::close);
    }
}
