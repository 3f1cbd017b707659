package dev.supervisor.unload.places;

import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * The root logger's handlers that {@code java.util.logging} makes from its configuration when the first record is
 * logged. An application may remove them, or they write to its {@code System.err} and go with it: the next generation
 * gets new ones.
 */
final class JulDefaults {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(JulDefaults.class);
    private static final String MANAGER = "java.util.logging.LogManager";

    /** Values of {@code LogManager.globalHandlersState}, the same from JDK 17 to 25. */
    private static final int INITIALIZED = 0;

    private static final int UNINITIALIZED = 3;

    private JulDefaults() {}

    /**
     * Called before a generation starts.
     *
     * @return restores the handlers of the live generation; to be run if the new one fails to start
     */
    static Runnable begin(Predicate<Object> isOfAnyGeneration) {
        Optional<InternalField> state = InitializedClasses.maybe(MANAGER)
                ? InternalField.field(MANAGER, "globalHandlersState")
                : Optional.empty();
        return state.flatMap(field -> begin(field, LogManager.getLogManager(), isOfAnyGeneration))
                .orElse(() -> {});
    }

    /**
     * Reads the configuration, which the manager has forgotten after a reset. The manager's own methods that read it
     * would remove handlers, and on the root logger these belong to generations that serve, drain or are being cleared.
     */
    private static void readAgainAfterReset(LogManager manager) {
        Optional<InternalField> field = InternalField.field(MANAGER, "props");
        if (manager.getProperty("handlers") != null || field.isEmpty()) {
            return;
        }
        String named = System.getProperty("java.util.logging.config.file");
        Path file =
                named == null ? Path.of(System.getProperty("java.home"), "conf", "logging.properties") : Path.of(named);
        Properties read = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            read.load(in);
            field.get().set(manager, read);
        } catch (IOException | RuntimeException e) {
            LOG.debug("can't read the configuration of java.util.logging again, from {}", file, e);
        }
    }

    /** Whether the handler is removed with a generation: a handler of the JDK's is, if it writes to an object of one. */
    private static boolean goesWithAny(Predicate<Object> isOfAnyGeneration, Handler handler) {
        return handler.getClass().getClassLoader() == null
                ? JulHandlers.sinkOf(handler).filter(isOfAnyGeneration).isPresent()
                : isOfAnyGeneration.test(handler);
    }

    private static Optional<Runnable> begin(
            InternalField state, LogManager manager, Predicate<Object> isOfAnyGeneration) {
        Logger root = manager.getLogger("");
        if (root == null || !Objects.equals(state.get(manager), INITIALIZED)) {
            return Optional.empty(); // the next record makes them anyway
        }
        List<Handler> former = List.of(root.getHandlers());
        if (!former.stream().allMatch(handler -> goesWithAny(isOfAnyGeneration, handler))) {
            return Optional.empty();
        }
        readAgainAfterReset(manager);
        state.set(manager, UNINITIALIZED);
        return Optional.of(() -> {
            state.set(manager, INITIALIZED);
            Arrays.stream(root.getHandlers())
                    .filter(handler -> !former.contains(handler) && !goesWithAny(isOfAnyGeneration, handler))
                    .forEach(handler -> {
                        root.removeHandler(handler);
                        handler.close();
                    });
        });
    }
}
