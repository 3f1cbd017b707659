package dev.supervisor.generation;

import dev.supervisor.Problem;
import dev.supervisor.generation.ApplicationProvider.NoApplicationException;
import dev.supervisor.generation.LoadException.Kind;
import java.util.List;
import java.util.ServiceConfigurationError;

/**
 * Tells, from the exception of a failed start, what may mend the start. Calls methods of the exception, as {@link
 * StartFailure} does.
 */
final class FailureKind {

    /**
     * Messages of the system and of the JVM when a resource is exhausted. There is no exception type or number for any
     * of them.
     */
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

    /**
     * Returns true for linkage errors that a missing class file does not explain: the class was linked, or its version
     * or its native library is wrong.
     */
    private static boolean isOfInitializer(Throwable cause) {
        return cause instanceof ExceptionInInitializerError
                || cause instanceof UnsatisfiedLinkError
                || cause instanceof UnsupportedClassVersionError
                || StartFailure.isOfFailedInitializer(cause);
    }
}
