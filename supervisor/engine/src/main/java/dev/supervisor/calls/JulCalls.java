package dev.supervisor.calls;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Handlers that an application adds to loggers of {@code java.util.logging}, or finds there. A handler of the JDK's own classes, such
 * as a {@link java.util.logging.FileHandler}, would stay on the root logger, and the next generation would add another.
 */
public final class JulCalls {

    private JulCalls() {}

    public static void addHandler(Logger logger, Handler handler, Class<?> caller) {
        CallingGeneration callingGeneration = CallingGeneration.of(caller).orElse(null);
        if (callingGeneration == null || handler == null) {
            logger.addHandler(handler);
            return;
        }
        boolean own = isOwn(callingGeneration, handler);
        logger.addHandler(handler);
        callingGeneration.opened(new AddedHandler(logger, handler, own));
    }

    /**
     * Returns the handlers without those of other generations: what an application does with the handlers that it finds depends on
     * their number and their classes, as for Spring Boot.
     */
    public static Handler[] getHandlers(Logger logger, Class<?> caller) {
        List<CallingGeneration> others = CallingGeneration.others(caller).toList();
        return Arrays.stream(logger.getHandlers())
                .filter(handler -> others.stream().noneMatch(other -> isOf(other, handler)))
                .toArray(Handler[]::new);
    }

    private static boolean isOf(CallingGeneration generation, Handler handler) {
        return generation.owns(handler)
                || generation
                        .findOpened(AddedHandler.class, added -> added.handler == handler && added.own)
                        .isPresent();
    }

    /**
     * Returns false for a handler that other code has put on a logger: an application may copy the root logger's
     * handlers to its own.
     */
    private static boolean isOwn(CallingGeneration callingGeneration, Handler handler) {
        return callingGeneration
                .findOpened(AddedHandler.class, added -> added.handler == handler)
                .map(AddedHandler::own)
                .orElseGet(() -> !isOnAnyLogger(handler));
    }

    private static boolean isOnAnyLogger(Handler handler) {
        LogManager manager = LogManager.getLogManager();
        return Collections.list(manager.getLoggerNames()).stream()
                .map(manager::getLogger)
                .filter(Objects::nonNull) // null if collected by now
                .anyMatch(logger -> isOn(logger, handler));
    }

    private static boolean isOn(Logger logger, Handler handler) {
        return Arrays.stream(logger.getHandlers()).anyMatch(other -> other == handler);
    }

    /** @param own whether the handler must be closed, too */
    private record AddedHandler(Logger logger, Handler handler, boolean own) implements OpenedResource {

        @Override
        public boolean isOpen() {
            return isOn(logger, handler);
        }

        @Override
        public void close() {
            logger.removeHandler(handler);
            if (own) {
                handler.close();
            }
        }

        @Override
        public String description() {
            String name = logger.getName();
            return "java.util.logging handler " + handler.getClass().getName() + " on "
                    + (name == null || name.isEmpty() ? "the root logger" : "the logger '" + name + "'")
                    + " was never removed";
        }
    }
}
