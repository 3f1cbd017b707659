package dev.supervisor.inspect;

import java.util.List;

/**
 * Tells services of the JDK from what an application has made. The JDK makes them when they are first needed, on the
 * thread that happens to need them, and keeps them for the life of the JVM: to end one with a generation would take it
 * from all later ones.
 */
public final class JdkServices {

    /** Classes of these begin with something that an application has given, and are judged by what that is. */
    private static final String WRAPPERS = "java.util.concurrent.";

    /** Threads of services that a JVM has one of; other threads of the JDK belong to an object of the application. */
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

    /** Whether a shutdown hook runs code of the JDK, such as that of {@code LogManager} and of Flight Recorder. */
    public static boolean isHook(Thread hook) {
        Class<?> code = codeOf(hook);
        return code != Thread.class && isOfTheJdk(code) && !code.getName().startsWith(WRAPPERS);
    }

    /** Whether a thread runs a service that all of the JVM shares. */
    static boolean isThread(Thread thread) {
        return isService(codeOf(thread));
    }

    /** Whether it is of a class that belongs to such a service: what it leads to does not matter then. */
    static boolean isService(Class<?> type) {
        return type != Thread.class && isOfTheJdk(type) && SERVICES.stream().anyMatch(type.getName()::startsWith);
    }

    /** The class of its task; of the thread itself, if it has none. */
    private static Class<?> codeOf(Thread thread) {
        return ThreadTask.of(thread).<Class<?>>map(Object::getClass).orElseGet(thread::getClass);
    }

    private static boolean isOfTheJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }
}
