package dev.supervisor.generation;

import dev.supervisor.generation.CopiedResources.Place;
import dev.supervisor.process.SupervisorThreads;
import dev.supervisor.unload.Metaspace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.modules.ModuleLoadException;
import org.jboss.modules.ResourceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A module for a build that is not there yet. It has the jars of the build before, and loads classes of them on a thread of
 * its own. When the build comes, its roots take the place of these jars, if they have the same classes.
 *
 * <p>Belongs to one thread, apart from that.
 */
final class PreparedModule implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PreparedModule.class);

    /** How often to look whether there is memory for more classes. */
    private static final int CLASSES_BETWEEN_LOOKS = 100;

    private final String name;
    private final Program program;
    private final List<Place> jars;
    private final Thread thread;
    private volatile boolean stopped;

    /** Releases the jars; nothing, once that is done. */
    private Runnable releaseFiles;

    /** Written by the thread, and read after its end. Null before it is linked, and when it has been taken or dropped. */
    private @Nullable AppModule module;

    /** The class file whose loading has loaded this one, too. Written by the thread, and read after its end. */
    private final Map<String, String> causes = new HashMap<>();

    /**
     * Begins.
     *
     * @param jars of the build before
     * @param releaseFiles called once, when these are no longer needed
     * @param classes the files of the classes to load; called on another thread
     * @param pause how long to wait first
     */
    PreparedModule(
            String name,
            Program program,
            List<Place> jars,
            Runnable releaseFiles,
            Supplier<Set<String>> classes,
            Duration pause) {
        this.name = name;
        this.program = program;
        this.jars = List.copyOf(jars);
        this.releaseFiles = releaseFiles;
        this.thread = SupervisorThreads.thread("supervisor-preparing-" + name, () -> prepare(classes, pause));
        thread.setContextClassLoader(PreparedModule.class.getClassLoader());
        thread.start();
    }

    private void prepare(Supplier<Set<String>> classes, Duration pause) {
        long begun = System.nanoTime();
        while (!stopped && System.nanoTime() - begun < pause.toNanos()) {
            sleep(pause);
        }
        if (stopped) {
            return;
        }
        try {
            module = AppModule.link(name, open(), program);
            load(module, classes.get());
        } catch (VirtualMachineError e) { // such as no memory for it
            LOG.warn("the classes of {} are not loaded in advance, so that it starts later: {}", name, e.toString());
            drop();
        } catch (IOException | ModuleLoadException | RuntimeException | LinkageError e) {
            LOG.debug("{} is not prepared", name, e);
            drop();
        }
    }

    /** Until {@link #stop} interrupts it, or an application that interrupts all threads that it finds. */
    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        }
    }

    private List<CopiedResources> open() throws IOException {
        List<CopiedResources> opened = new ArrayList<>();
        try {
            for (Place jar : jars) {
                opened.add(CopiedResources.openJar(jar));
            }
            return opened;
        } catch (IOException | RuntimeException | Error e) {
            opened.forEach(ResourceLoader::close);
            throw e;
        }
    }

    private void load(AppModule linked, Set<String> classes) {
        int count = 0;
        for (String file : classes) {
            if (stopped) {
                return;
            }
            if (count++ % CLASSES_BETWEEN_LOOKS == 0 && !Metaspace.hasRoom()) {
                LOG.debug("there is little memory for more classes: {} is not prepared", name);
                drop();
                return;
            }
            int before = linked.loaded().count();
            load(linked, file);
            linked.loaded().after(before).forEach(loaded -> causes.put(loaded, file));
        }
    }

    private static void load(AppModule linked, String file) {
        String type = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        try {
            // to ask for its members has HotSpot link it, which verifies its code; it is not initialized
            var unused = Class.forName(type, false, linked.classLoader()).getFields();
        } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
            LOG.debug("{} is not loaded in advance", type, e); // it may need one that is not in a jar
        }
    }

    /** Returns the name of the module that it is for. */
    String name() {
        return name;
    }

    /**
     * Ends the loading, and returns the module, which has other roots from now on.
     *
     * @param next closed with the module; not, if there is none
     * @param left gets what is to be left out in future: directories of classes that have changed, and the files of classes that
     *     have loaded such a class
     * @return empty if a new module would have other classes
     */
    Optional<AppModule> take(List<CopiedResources> next, Set<String> left) throws ModuleLoadException {
        stop();
        AppModule prepared = module;
        if (prepared == null) {
            return Optional.empty();
        }
        ClassComparison comparison = ClassComparison.of(prepared.loaded(), prepared.roots(), next);
        if (!comparison.isSame()) {
            LOG.debug("{} is not as it was expected: {}", name, comparison);
            Map<String, Place> places = prepared.loaded().places();
            comparison.changed().forEach(file -> leave(file, places.get(file), next, left));
            return Optional.empty();
        }
        prepared.replaceRoots(next);
        module = null;
        return Optional.of(prepared);
    }

    /** A library that has got another version is not likely to change again soon; the application is. */
    private void leave(String file, @Nullable Place place, List<CopiedResources> next, Set<String> left) {
        if (place != null && place.isFromSource(next.get(0).place())) {
            left.add(LoadedClasses.directoryOf(file));
            Optional.ofNullable(causes.get(file)).ifPresent(left::add);
        }
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

    private void drop() {
        if (module != null) {
            module.close();
            module = null;
        }
    }

    @Override
    public void close() {
        stop();
        drop();
        releaseFiles.run();
        releaseFiles = () -> {};
    }
}
