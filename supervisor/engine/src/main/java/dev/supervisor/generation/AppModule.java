package dev.supervisor.generation;

import dev.supervisor.calls.CallRedirection;
import java.io.IOException;
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

    private static final CallRedirection REDIRECTION = new CallRedirection();

    private final Module module;
    private final List<ResourceLoader> resources;

    private AppModule(Module module, List<ResourceLoader> resources) {
        this.module = module;
        this.resources = resources;
    }

    /**
     * Links the module.
     *
     * @param name the module's name, which appears in stack traces and thread dumps
     */
    static AppModule link(String name, List<PrivateCopy> copies) throws IOException, ModuleLoadException {
        List<ResourceLoader> resources = new ArrayList<>();
        try {
            for (PrivateCopy copy : copies) {
                resources.add(ResourceLoaders.createFilteredResourceLoader(notShared(), CopiedResources.open(copy)));
            }
            ModuleFinder finder = (asked, loader) -> asked.equals(name) ? spec(name, resources) : null;
            return new AppModule(new ModuleLoader(finder).loadModule(name), resources);
        } catch (IOException | ModuleLoadException | RuntimeException | Error e) {
            resources.forEach(ResourceLoader::close);
            throw e;
        }
    }

    private static ModuleSpec spec(String name, List<ResourceLoader> resources) {
        ModuleSpec.Builder spec = ModuleSpec.build(name).addDependency(DependencySpec.OWN_DEPENDENCY);
        for (java.lang.Module jdkModule : ModuleLayer.boot().modules()) {
            spec.addDependency(new ModuleDependencySpecBuilder()
                    .setModuleLoader(JDK)
                    .setName(jdkModule.getName())
                    .build());
        }
        boolean bringsSlf4j = false;
        for (ResourceLoader resource : resources) {
            spec.addResourceRoot(ResourceLoaderSpec.createResourceLoaderSpec(resource));
            bringsSlf4j |= resource.getPaths().contains(SharedPackages.SLF4J);
        }
        if (ApplicationTls.isNeededFor(resources)) {
            spec.addResourceRoot(ResourceLoaderSpec.createResourceLoaderSpec(new ApplicationTls()));
        }
        return spec.setFallbackLoader(new SharedPackages(bringsSlf4j))
                .setClassFileTransformer(REDIRECTION)
                .create();
    }

    private static PathFilter notShared() {
        return path -> !SharedPackages.isForced(path);
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
