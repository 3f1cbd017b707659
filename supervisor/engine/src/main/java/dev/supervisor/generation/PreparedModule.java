package dev.supervisor.generation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jboss.modules.ModuleLoadException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A module for a build that is not there yet. It has the jars of the build before, and loads classes of them on a thread of
 * its own. When the build comes, its jars take their place, if they have the same classes.
 *
 * <p>Belongs to one thread.
 */
final class PreparedModule implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PreparedModule.class);

    private final String name;
    private final AppModule module;
    private final Runnable releaseFiles;
    private final Thread thread;
    private volatile boolean stopped;

    private PreparedModule(
            String name, AppModule module, Runnable releaseFiles, List<String> classes, Duration pause) {
        this.name = name;
        this.module = module;
        this.releaseFiles = releaseFiles;
        this.thread = new Thread(() -> load(classes, pause), "supervisor-preparing-" + name);
        thread.setDaemon(true);
        thread.setContextClassLoader(PreparedModule.class.getClassLoader());
    }

    /**
     * Begins to load classes.
     *
     * @param module of the jars of the build before; closed by {@link #close}, unless it has been {@linkplain #take taken}
     * @param releaseFiles called when the jars are no longer needed
     * @param classes their names
     * @param pause how long to wait first
     */
    static PreparedModule begin(
            String name, AppModule module, Runnable releaseFiles, List<String> classes, Duration pause) {
        PreparedModule prepared = new PreparedModule(name, module, releaseFiles, classes, pause);
        prepared.thread.start();
        return prepared;
    }

    private void load(List<String> classes, Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) { // there is no time for it
            return;
        }
        for (String type : classes) {
            if (stopped) {
                return;
            }
            try {
                // to ask for its members has HotSpot link it, which verifies its code; it is not initialized
                var unused = Class.forName(type, false, module.classLoader()).getFields();
            } catch (VirtualMachineError e) { // such as no memory for it
                LOG.warn("not all classes of {} can be loaded in advance: {}", name, e.toString());
                return;
            } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
                LOG.debug("{} is not loaded in advance", type, e); // it may need one that is not in a jar
            }
        }
    }

    /** Returns the name of the module that it is for. */
    String name() {
        return name;
    }

    /**
     * Ends the loading, and returns the class files that it has loaded and that these roots lack, or have another content of.
     */
    Set<String> changedIn(List<CopiedResources> next) {
        stop();
        return changed(module.loaded().roots(), module.roots(), next);
    }

    static Set<String> changed(
            Map<String, CopiedResources> loaded, List<CopiedResources> former, List<CopiedResources> next) {
        Set<CopiedResources.Place> kept = placesIn(former);
        kept.retainAll(placesIn(next));
        Map<CopiedResources, Set<String>> others = new HashMap<>();
        next.stream()
                .filter(root -> !kept.contains(root.place()))
                .forEach(root -> others.put(root, new HashSet<>(root.getPaths())));
        Set<String> changed = new TreeSet<>();
        loaded.forEach((file, root) -> {
            String directory = directoryOf(file);
            List<CopiedResources> having = others.keySet().stream()
                    .filter(other -> Optional.ofNullable(others.get(other))
                            .filter(paths -> paths.contains(directory))
                            .isPresent())
                    .filter(other -> other.has(file))
                    .toList();
            boolean isThere = kept.contains(root.place()) || !having.isEmpty();
            if (!isThere || !having.stream().allMatch(other -> isSame(file, root, other))) {
                changed.add(file);
            }
        });
        return changed;
    }

    private static Set<CopiedResources.Place> placesIn(Collection<CopiedResources> roots) {
        return roots.stream().map(CopiedResources::place).collect(Collectors.toCollection(HashSet::new));
    }

    private static boolean isSame(String file, CopiedResources root, CopiedResources other) {
        Optional<CopiedResources.Content> content = root.contentOf(file);
        return content.isPresent()
                && content.equals(other.contentOf(file))
                && root.place().source().toString().equals(other.place().source().toString());
    }

    static String directoryOf(String file) {
        return file.substring(0, Math.max(0, file.lastIndexOf('/')));
    }

    /**
     * Returns the module, which has these roots from now on.
     *
     * @param next with the same content of all classes that it has loaded
     */
    AppModule take(List<CopiedResources> next) throws ModuleLoadException {
        stop();
        module.replaceRoots(new ArrayList<>(next));
        releaseFiles.run();
        return module;
    }

    private void stop() {
        stopped = true;
        thread.interrupt();
        awaitLoaded();
    }

    /** Waits until it has loaded what it is to load. */
    void awaitLoaded() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) { // at most one class is still being loaded
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        module.close();
        releaseFiles.run();
    }
}
