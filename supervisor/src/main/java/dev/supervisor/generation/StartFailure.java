package dev.supervisor.generation;

import dev.supervisor.failure.Problem;
import java.net.BindException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in one line why a start failed, with advice for the usual mistakes. */
final class StartFailure {

    private static final Pattern CLASS_FILE_VERSION = Pattern.compile("class file version (\\d+)");
    private static final int CLASS_FILE_OF_JAVA_0 = 44;

    /** The JVM says so when a class is used again whose static initializer has failed before. */
    private static final String INITIALIZER_FAILED = "Could not initialize class ";

    private StartFailure() {}

    static String summary(String build, Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = Problem.causeOf(cause)) {
            if (cause instanceof UnsupportedClassVersionError) {
                return tooNew(build, String.valueOf(cause.getMessage()));
            }
            if (cause instanceof BindException) {
                return build + " failed to start: it binds a port of its own that is in use: " + cause.getMessage()
                        + " (if its former generation has it: let the supervisor own the port, by --socket"
                        + " NAME=tcp::PORT, and serve context.listener(\"NAME\"))";
            }
            if (isNativeLibraryOfAnother(cause)) {
                return build + " failed to start: " + cause.getMessage() + " (a former generation has it until it has"
                        + " been collected, and a JVM gives a native library to one class loader at a time: load a copy"
                        + " of the file, with a name of its own for each generation)";
            }
            if (isMissingClass(cause)) {
                return build + " needs a class that it does not find: "
                        + String.valueOf(cause.getMessage()).replace('/', '.')
                        + " (is a --lib missing, or an entry in the jar's Class-Path?)";
            }
        }
        return failure instanceof ServiceConfigurationError
                ? "can't make the application of " + build + ": " + failure.getMessage()
                : build + " failed to start: " + Problem.describe(failure);
    }

    /** The JVM tells it by this text only. */
    private static boolean isNativeLibraryOfAnother(Throwable cause) {
        return cause instanceof UnsatisfiedLinkError
                && String.valueOf(cause.getMessage()).contains("already loaded in another classloader");
    }

    private static boolean isMissingClass(Throwable cause) {
        return cause instanceof ClassNotFoundException
                || (cause instanceof NoClassDefFoundError && !isOfFailedInitializer(cause));
    }

    static boolean isOfFailedInitializer(Throwable cause) {
        return cause instanceof NoClassDefFoundError
                && String.valueOf(cause.getMessage()).startsWith(INITIALIZER_FAILED);
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
