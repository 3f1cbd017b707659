package dev.supervisor.generation;

import dev.supervisor.generation.CopiedResources.Place;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.modules.ModuleLoadException;
import org.jboss.modules.ResourceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the modules of generations. While a program runs, the module of the next one is prepared: most of what a program
 * loads are classes of libraries, which stay the same from build to build. To define them takes a good part of a start.
 *
 * <p>Only classes are loaded, none is initialized. A prepared module is used only if each of its classes would be loaded from
 * the same bytes again. Nothing is prepared in a JVM with an agent, which may treat classes by the loader that has them.
 *
 * <p>Thread-safe.
 */
public final class AppModules implements AutoCloseable {

    /** The build that has just started gets its first requests, and its former one is being ended. */
    private static final Duration PAUSE = Duration.ofMillis(300);

    private static final boolean HAS_AGENT = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .anyMatch(argument -> argument.startsWith("-javaagent"));

    private static final Logger LOG = LoggerFactory.getLogger(AppModules.class);

    private final Duration pause;
    private Optional<PreparedModule> prepared = Optional.empty();

    /** The classes of the last program that was prepared for. */
    private LoadedClasses last = new LoadedClasses();

    /** Files of classes, and directories of them, that are not loaded in advance. */
    private final Set<String> left = new HashSet<>();

    private boolean closed;

    public AppModules() {
        this(PAUSE);
    }

    /** @param pause from the start of a program to the first class that is loaded for the next one */
    AppModules(Duration pause) {
        this.pause = pause;
    }

    synchronized Optional<PreparedModule> prepared() {
        return prepared;
    }

    /** Links the module of a snapshot. */
    synchronized AppModule link(String name, Snapshot snapshot, Program program)
            throws IOException, ModuleLoadException {
        List<CopiedResources> roots = AppModule.open(snapshot, program);
        try {
            Optional<PreparedModule> usable =
                    prepared.filter(module -> module.name().equals(name) && program.isUnmodified());
            Optional<AppModule> taken = usable.isPresent() ? usable.get().take(roots, left) : Optional.empty();
            return taken.isPresent() ? taken.get() : AppModule.link(name, roots, program);
        } catch (ModuleLoadException | RuntimeException | Error e) {
            roots.forEach(ResourceLoader::close);
            throw e;
        } finally {
            drop();
        }
    }

    /**
     * Begins to prepare the next module, if the running one is that of a program.
     *
     * @param name of the next module
     * @param running the module that has this snapshot
     */
    synchronized void prepare(String name, AppModule running, Snapshot snapshot, Program program) {
        drop();
        if (closed || HAS_AGENT || !program.isUnmodified()) {
            return;
        }
        LoadedClasses former = last;
        last = running.loaded();
        Place app = running.roots().get(0).place();
        Set<String> leftOut = Set.copyOf(left);
        prepared = Optional.of(new PreparedModule(
                name,
                program,
                running.roots().stream()
                        .map(CopiedResources::place)
                        .filter(Place::isJar)
                        .toList(),
                snapshot.keepFiles(),
                () -> expected(former, running.loaded(), app, program, leftOut),
                pause));
    }

    /** Returns the files of classes that the next build is likely to load as they are; the former one has met requests, too. */
    private static Set<String> expected(
            LoadedClasses former, LoadedClasses running, Place app, Program program, Set<String> left) {
        String own = LoadedClasses.directoryOf(program.mainClass().orElse("").replace('.', '/')) + "/";
        Set<String> files = new LinkedHashSet<>();
        Map<String, Place> places = new HashMap<>(former.places());
        places.putAll(running.places());
        for (LoadedClasses loaded : List.of(running, former)) {
            for (String file : loaded.after(0)) {
                Place place = places.get(file);
                boolean isOwn = place != null && place.isFromSource(app) && file.startsWith(own);
                if (place != null
                        && place.isJar()
                        && !isOwn
                        && !left.contains(file)
                        && !left.contains(LoadedClasses.directoryOf(file))) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    private void drop() {
        prepared.ifPresent(PreparedModule::close);
        prepared = Optional.empty();
    }

    /** Prepares nothing any more: the program defines classes by itself, before it uses them. */
    public synchronized void giveUp() {
        LOG.warn(
                "the program defines a class that was loaded in advance: it starts once more, and none is from now on");
        close();
    }

    /** Drops the module that is being prepared; no other one will be. */
    @Override
    public synchronized void close() {
        closed = true;
        drop();
    }
}
