package dev.supervisor.generation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
 * the same bytes again, so it can't be told from a new one.
 *
 * <p>Belongs to one thread.
 */
public final class AppModules implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AppModules.class);

    /** The build that has just started gets its first requests, and its former one is being ended. */
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final Duration pause;
    private Optional<PreparedModule> prepared = Optional.empty();


    /** The directories of classes that have changed between two builds: they are likely to change again. */
    private final Set<String> changing = new HashSet<>();

    public AppModules() {
        this(PAUSE);
    }

    /** @param pause from the start of a program to the first class that is loaded for the next one */
    AppModules(Duration pause) {
        this.pause = pause;
    }

    Optional<PreparedModule> prepared() {
        return prepared;
    }

    /** Links the module of a snapshot. */
    AppModule link(String name, Snapshot snapshot, Program program) throws IOException, ModuleLoadException {
        Optional<PreparedModule> usable = prepared.filter(module -> module.name().equals(name));
        if (!program.isUnmodified() || usable.isEmpty()) {
            close();
            return AppModule.link(name, snapshot, program);
        }
        List<CopiedResources> roots = AppModule.open(snapshot, program);
        Set<String> changed = usable.get().changedIn(roots);
        if (changed.isEmpty()) {
            prepared = Optional.empty();
            return usable.get().take(roots);
        }
        LOG.debug("{} is not as it was expected, because of {}", name, changed);
        changed.forEach(file -> changing.add(PreparedModule.directoryOf(file)));
        close();
        return AppModule.link(name, roots, program);
    }

    /**
     * Begins to prepare the next module.
     *
     * @param name of the next module
     * @param last the module of a program that has started, which has this snapshot
     */
    void prepare(String name, AppModule last, Snapshot snapshot, Program program) {
        close();
        if (!program.isUnmodified()) {
            return;
        }
        Runnable releaseFiles = snapshot.keepFiles();
        try {
            AppModule module = AppModule.link(name, reopened(last.roots()), program);
            prepared = Optional.of(PreparedModule.begin(name, module, releaseFiles, classes(last, program), pause));
        } catch (IOException | ModuleLoadException | RuntimeException | OutOfMemoryError e) {
            LOG.debug("{} can't be prepared", name, e);
            releaseFiles.run();
        }
    }

    private static List<CopiedResources> reopened(List<CopiedResources> roots) throws IOException {
        List<CopiedResources> opened = new ArrayList<>();
        try {
            for (CopiedResources root : roots) {
                if (root.place().isJar()) {
                    opened.add(CopiedResources.openJar(root.place()));
                }
            }
            return opened;
        } catch (IOException | RuntimeException | Error e) {
            opened.forEach(ResourceLoader::close);
            throw e;
        }
    }

    /** Returns the names of the classes that are likely to be in the next build as they are. */
    private List<String> classes(AppModule last, Program program) {
        String own = PreparedModule.directoryOf(program.mainClass().orElse("").replace('.', '/'));
        CopiedResources app = last.roots().get(0);
        List<String> names = new ArrayList<>();
        last.loaded().roots().forEach((file, root) -> {
            String directory = PreparedModule.directoryOf(file);
            boolean isOwn = root == app && (directory + "/").startsWith(own + "/");
            if (root.place().isJar() && !isOwn && !changing.contains(directory)) {
                names.add(file.substring(0, file.length() - ".class".length()).replace('/', '.'));
            }
        });
        return names;
    }

    /** Drops the module that is being prepared. */
    @Override
    public void close() {
        prepared.ifPresent(PreparedModule::close);
        prepared = Optional.empty();
    }
}
