package dev.supervisor.calls;

import dev.supervisor.calls.CallingGeneration.Exit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Substitutes for {@link System#exit} and {@link Runtime#exit}, which end only the generation that calls them. */
public final class SystemCalls {

    /** Thrown to the caller of exit, mostly ending its thread: the caller's code does not expect exit to return. */
    public static final class ExitError extends Error {

        private static final long serialVersionUID = 1L;

        ExitError(int status) {
            super("System.exit(" + status + "): the supervisor ends this generation, but not the JVM");
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(SystemCalls.class);

    private SystemCalls() {}

    public static void exit(int status, Class<?> caller) {
        if (CallingGeneration.of(caller).filter(CallingGeneration::isStopping).isPresent()) {
            return; // a program often ends its shutdown so; there is nothing left to do
        }
        ExitError error = new ExitError(status);
        CallingGeneration.of(caller)
                .ifPresentOrElse(
                        callingGeneration -> callingGeneration.exit(new Exit(status, List.of(error.getStackTrace()))),
                        () -> LOG.warn("System.exit({}) of a generation that has ended, by {}", status, caller));
        throw error;
    }

    public static void exit(Runtime runtime, int status, Class<?> caller) {
        exit(status, caller);
    }
}
