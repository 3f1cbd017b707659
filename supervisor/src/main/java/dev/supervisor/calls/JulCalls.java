package dev.supervisor.calls;

import java.util.logging.Handler;
import java.util.logging.Logger;

/**
 * Handlers that an application adds to loggers of {@code java.util.logging}: one of the JDK's own classes, such as a
 * {@link java.util.logging.FileHandler}, would stay on the root logger, and the next generation would add another.
 */
public final class JulCalls {

    private JulCalls() {}

    public static void addHandler(Logger logger, Handler handler, Class<?> caller) {
        logger.addHandler(handler);
        Resident.of(caller).ifPresent(resident -> resident.opened(new AddedHandler(logger, handler)));
    }

    private record AddedHandler(Logger logger, Handler handler) implements Opened {

        @Override
        public boolean isOpen() {
            for (Handler other : logger.getHandlers()) {
                if (other == handler) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void close() {
            logger.removeHandler(handler);
            handler.close();
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
