package dev.supervisor.inspect;

import java.util.List;

/**
 * Distinguishes services of the JDK from objects of an application. The JDK makes its services on the thread that first
 * needs them, and keeps them for the life of the JVM: ending one with a generation would take it from all later ones.
 */
public final class JdkServices {

    /** Classes that wrap an object of the application, which decides instead. */
    private static final String WRAPPERS = "java.util.concurrent.";

    /**
     * Packages whose threads are services of the JVM; other threads of the JDK belong to an object of the application.
     */
    private static final List<String> SERVICES = List.of(
            "jdk.jfr.",
            "java.lang.",
            "java.util.logging.",
            "java.util.prefs.",
            "jdk.internal.misc.",
            "sun.awt.",
            "sun.java2d.",
            "sun.net.www.",
            "sun.nio.fs.",
            "sun.rmi.");

    private JdkServices() {}

    /**
     * Returns whether a shutdown hook runs code of the JDK, such as the hooks of {@code LogManager} and of Flight
     * Recorder.
     */
    public static boolean isHook(Thread hook) {
        Class<?> code = codeOf(hook);
        return code != Thread.class && isOfTheJdk(code) && !code.getName().startsWith(WRAPPERS);
    }

    /** Whether a thread runs a service that all of the JVM shares. */
    static boolean isThread(Thread thread) {
        return isService(codeOf(thread));
    }

    /** Returns whether a class belongs to a service of the JVM; the objects to which a service leads are ignored. */
    static boolean isService(Class<?> type) {
        return type != Thread.class && isOfTheJdk(type) && SERVICES.stream().anyMatch(type.getName()::startsWith);
    }

    /** Returns the class of the thread's task, or of the thread if it has none. */
    private static Class<?> codeOf(Thread thread) {
        return ThreadTask.of(thread).<Class<?>>map(Object::getClass).orElseGet(thread::getClass);
    }

    private static boolean isOfTheJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }
}
