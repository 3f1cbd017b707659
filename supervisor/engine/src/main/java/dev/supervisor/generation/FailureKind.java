package dev.supervisor.generation;

import dev.supervisor.Problem;
import dev.supervisor.generation.ApplicationProvider.NoApplicationException;
import dev.supervisor.generation.LoadException.Kind;
import java.util.List;
import java.util.ServiceConfigurationError;

/** Tells from an exception what may mend a failed start. Calls methods of the exception, as {@link StartFailure} does. */
final class FailureKind {

    /** What the system and the JVM say; there is no type or number for any of these. */
    private static final List<String> LACKS = List.of(
            "Too many open files",
            "No space left on device",
            "Disk quota exceeded",
            "Cannot allocate memory",
            "unable to create native thread",
            "unable to create new native thread");

    private FailureKind() {}

    static Kind of(Throwable failure) {
        for (Throwable cause : Problem.chainOf(failure)) {
            if (isLack(cause)) {
                return Kind.LACKING;
            }
            if (isIncomplete(cause)) {
                return Kind.INCOMPLETE;
            }
        }
        return Kind.FAILED;
    }

    private static boolean isLack(Throwable cause) {
        String text = Problem.describe(cause);
        return LACKS.stream().anyMatch(text::contains);
    }

    private static boolean isIncomplete(Throwable cause) {
        return cause instanceof ClassNotFoundException
                || cause instanceof ServiceConfigurationError
                || (cause instanceof NoApplicationException none && none.isMissing())
                || (cause instanceof LinkageError && !isOfInitializer(cause));
    }

    /** Linked well, or not to be mended by another class file. */
    private static boolean isOfInitializer(Throwable cause) {
        return cause instanceof ExceptionInInitializerError
                || cause instanceof UnsatisfiedLinkError
                || cause instanceof UnsupportedClassVersionError
                || StartFailure.isOfFailedInitializer(cause);
    }
}
