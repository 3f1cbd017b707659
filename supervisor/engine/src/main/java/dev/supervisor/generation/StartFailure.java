package dev.supervisor.generation;

import dev.supervisor.OptionKey;
import dev.supervisor.Problem;
import java.net.BindException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says in one line why a start failed, with advice for the usual mistakes. Calls methods of the exception, so it must
 * be used on a thread of the generation.
 */
final class StartFailure {

    private static final Pattern CLASS_FILE_VERSION = Pattern.compile("class file version (\\d+)");
    private static final int CLASS_FILE_OF_JAVA_0 = 44;

    /** The beginning of the JVM's message when a class is used whose static initializer has failed before. */
    private static final String INITIALIZER_FAILED = "Could not initialize class ";

    private static final int MOST_MISSING = 5;

    private static final String OF_FORMER = " (if its former generation has it: let the supervisor own the port, by "
            + OptionKey.SOCKET + " NAME=tcp::PORT, and serve context.listener(\"NAME\"))";

    private StartFailure() {}

    /**
     * Returns the line.
     *
     * @param missing the libraries that are named, and do not exist
     * @param isProgram whether it is a program, whose own ports the supervisor keeps
     */
    static String summary(String build, Throwable failure, List<Path> missing, boolean isProgram) {
        for (Throwable cause : Problem.chainOf(failure)) {
            if (cause instanceof UnsupportedClassVersionError) {
                return tooNew(build, Problem.messageOf(cause));
            }
            if (cause instanceof BindException) {
                return build + " failed to start: it binds a port of its own that is in use: "
                        + Problem.messageOf(cause)
                        + (isProgram ? " (stop the process that has it: 'ss -ltnp' or 'lsof -i' names it)" : OF_FORMER);
            }
            if (isNativeLibraryOfAnother(cause)) {
                return build + " failed to start: " + Problem.messageOf(cause)
                        + " (a former generation has it until it has"
                        + " been collected, and a JVM gives a native library to one class loader at a time: load a copy"
                        + " of the file, with a name of its own for each generation)";
            }
            if (cause instanceof OutOfMemoryError) {
                return atItsEnd(build, Problem.messageOf(cause));
            }
            if (isMissingClass(cause)) {
                return build + " needs a class that it does not find: "
                        + Problem.messageOf(cause).replace('/', '.')
                        + hint(missing);
            }
        }
        return failure instanceof ServiceConfigurationError
                ? "can't make the application of " + build + ": " + Problem.messageOf(failure)
                : build + " failed to start: " + Problem.describe(failure);
    }

    private static String hint(List<Path> missing) {
        if (missing.isEmpty()) {
            return " (is a " + OptionKey.LIBRARY + " missing, or an entry in the jar's Class-Path?)";
        }
        String more = missing.size() > MOST_MISSING ? " and " + (missing.size() - MOST_MISSING) + " more" : "";
        return " (" + OptionKey.LIBRARY + " or a jar's Class-Path names what does not exist: "
                + missing.stream().limit(MOST_MISSING).map(Path::toString).collect(Collectors.joining(", ")) + more
                + ")";
    }

    /** Describes an {@link OutOfMemoryError}. Only its text tells what was exhausted. */
    private static String atItsEnd(String build, String message) {
        return build + " failed to start: out of memory: " + message
                + (message.contains("native thread")
                        ? " (no more threads can be started: raise ulimit -u, or the pids limit of the container)"
                        : " (former generations that could not be ended, or that something keeps, hold theirs until the"
                                + " supervisor is restarted; -Xmx and -XX:MaxMetaspaceSize allow more)");
    }

    /** Returns whether another class loader has the native library. Only the error's text tells that. */
    private static boolean isNativeLibraryOfAnother(Throwable cause) {
        return cause instanceof UnsatisfiedLinkError
                && Problem.messageOf(cause).contains("already loaded in another classloader");
    }

    private static boolean isMissingClass(Throwable cause) {
        return cause instanceof ClassNotFoundException
                || (cause instanceof NoClassDefFoundError && !isOfFailedInitializer(cause));
    }

    static boolean isOfFailedInitializer(Throwable cause) {
        return cause instanceof NoClassDefFoundError && Problem.messageOf(cause).startsWith(INITIALIZER_FAILED);
    }

    private static String tooNew(String build, String message) {
        Matcher version = CLASS_FILE_VERSION.matcher(message);
        String compiledFor =
                version.find() ? "Java " + (Integer.parseInt(version.group(1)) - CLASS_FILE_OF_JAVA_0) : "a newer Java";
        int running = Runtime.version().feature();
        return build + " was compiled for " + compiledFor + ", but the supervisor runs on Java " + running
                + " (compile it with --release " + running + ", or start the supervisor with a newer java)";
    }
}
