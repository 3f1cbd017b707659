package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Handlers, filters and levels on the loggers of {@code java.util.logging}, parts plugged into other handlers, and
 * listeners to its configuration. Custom levels need no clearing: the JDK holds them weakly.
 */
final class JulHandlers implements SharedPlace {

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        if (!InitializedClasses.maybe("java.util.logging.LogManager")) {
            return left;
        }
        LogManager manager = LogManager.getLogManager();
        if (owner.owns(manager)) {
            left.add("the LogManager of the JVM is " + manager.getClass().getName()
                    + " for good (choose one for the JVM by -Djava.util.logging.manager, from its class path)");
        }
        for (String name : Collections.list(manager.getLoggerNames())) {
            Logger logger = manager.getLogger(name);
            if (logger != null) { // null if collected by now
                GuardedCall.run(owner, "clear the handlers of the logger '" + name + "'", () -> {
                    clearHandlers(owner, logger, left);
                    clearParts(owner, logger, left);
                });
            }
        }
        clearListeners(owner, manager, left);
        return left;
    }

    private static void clearHandlers(Owner owner, Logger logger, List<String> left) {
        for (Handler handler : logger.getHandlers()) {
            String name = "java.util.logging handler " + handler.getClass().getName() + " on " + nameOf(logger);
            if (owner.owns(handler) || writesTo(owner, handler)) {
                logger.removeHandler(handler);
                GuardedCall.run(owner, "close the " + name, handler::close);
                left.add(name + " was never removed");
            } else {
                GuardedCall.run(owner, "clear the " + name, () -> clearParts(owner, handler, name, left));
            }
        }
    }

    /** Whether the handler is one of the JDK's that passes on or writes to an object of the generation. */
    private static boolean writesTo(Owner owner, Handler handler) {
        return sinkOf(handler).filter(owner::reaches).isPresent();
    }

    /** Returns the object to which a handler of the JDK's passes on or writes. */
    static Optional<Object> sinkOf(Handler handler) {
        return InternalField.value("java.util.logging.MemoryHandler", "target", handler)
                .or(() -> InternalField.value("java.util.logging.StreamHandler", "output", handler));
    }

    private static void clearParts(Owner owner, Handler handler, String name, List<String> left) {
        if (owner.owns(handler.getFilter())) {
            left.add(described("filter", handler.getFilter(), name));
            handler.setFilter(null);
        }
        if (owner.owns(handler.getFormatter())) {
            left.add(described("formatter", handler.getFormatter(), name));
            handler.setFormatter(new SimpleFormatter());
        }
        if (owner.owns(handler.getErrorManager())) {
            left.add(described("error manager", handler.getErrorManager(), name));
            handler.setErrorManager(new ErrorManager());
        }
        if (owner.owns(handler.getLevel())) {
            left.add(described("level", handler.getLevel(), name));
            handler.setLevel(Level.ALL);
        }
    }

    private static void clearParts(Owner owner, Logger logger, List<String> left) {
        if (owner.owns(logger.getFilter())) {
            left.add(described("java.util.logging filter", logger.getFilter(), nameOf(logger)));
            logger.setFilter(null);
        }
        if (owner.owns(logger.getLevel())) {
            left.add(described("java.util.logging level", logger.getLevel(), nameOf(logger)));
            logger.setLevel(logger.getParent() == null ? Level.INFO : null);
        }
    }

    private static String described(String kind, Object part, String place) {
        return kind + " " + part.getClass().getName() + " of " + place + " was never taken back";
    }

    private static String nameOf(Logger logger) {
        return logger.getParent() == null ? "the root logger" : "the logger '" + logger.getName() + "'";
    }

    private static void clearListeners(Owner owner, LogManager manager, List<String> left) {
        InternalField.value("java.util.logging.LogManager", "listeners", manager)
                .ifPresent(listeners -> clearListeners(owner, (Map<?, ?>) listeners, left));
    }

    private static void clearListeners(Owner owner, Map<?, ?> listeners, List<String> left) {
        synchronized (listeners) { // a synchronized map
            listeners.keySet().removeIf(listener -> {
                boolean its = owner.owns(listener);
                if (its) {
                    left.add("java.util.logging configuration listener "
                            + listener.getClass().getName() + " was never removed");
                }
                return its;
            });
        }
    }
}
