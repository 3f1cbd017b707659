package dev.supervisor.generation;

import dev.supervisor.OptionKey;
import dev.supervisor.spi.Application;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Finds the application in its class loader: the named class, or the only provider of the SPI's service. */
final class ApplicationProvider {

    /** Thrown when the application is not found. The message says how to mend that. */
    static final class NoApplicationException extends Exception {

        private static final long serialVersionUID = 1L;
        private final boolean missing;

        NoApplicationException(String message, boolean missing) {
            super(message);
            this.missing = missing;
        }

        /** Returns whether a class or a service file is missing; otherwise one is wrong. */
        boolean isMissing() {
            return missing;
        }
    }

    private static final String SERVICE_FILE = "META-INF/services/" + Application.class.getName();

    private ApplicationProvider() {}

    /**
     * Makes an instance of the application.
     *
     * @param className the application's class; if empty, the only provider of the service is used
     * @param build the build's name, for messages
     */
    static Application instantiate(ClassLoader loader, Optional<String> className, String build)
            throws NoApplicationException, ReflectiveOperationException {
        Class<? extends Application> type =
                className.isPresent() ? named(loader, className.get(), build) : provider(loader, build);
        return type.getDeclaredConstructor().newInstance();
    }

    private static Class<? extends Application> named(ClassLoader loader, String name, String build)
            throws NoApplicationException {
        try {
            Class<?> type = Class.forName(name, true, loader);
            if (!Application.class.isAssignableFrom(type)) {
                throw new NoApplicationException(
                        name + " in " + build + " does not implement " + Application.class.getName(), false);
            }
            return type.asSubclass(Application.class);
        } catch (ClassNotFoundException e) {
            throw new NoApplicationException(
                    "there is no class " + name + " in " + build + " (check " + OptionKey.APP_CLASS + ", and "
                            + OptionKey.LIBRARY + " if it is in a library)",
                    true);
        }
    }

    private static Class<? extends Application> provider(ClassLoader loader, String build)
            throws NoApplicationException {
        List<Class<? extends Application>> types = ServiceLoader.load(Application.class, loader).stream()
                .<Class<? extends Application>>map(ServiceLoader.Provider::type)
                .filter(type -> type.getClassLoader() == loader)
                .toList();
        if (types.isEmpty()) {
            throw new NoApplicationException(
                    "there is no application in " + build + ": it names no Main-Class, and no " + SERVICE_FILE
                            + " names an application (name a class with a main by " + OptionKey.MAIN_CLASS
                            + ", or an implementation of " + Application.class.getName() + " by " + OptionKey.APP_CLASS
                            + ")",
                    true);
        }
        if (types.size() > 1) {
            throw new NoApplicationException(
                    "there are " + types.size() + " applications in " + build + ": "
                            + types.stream().map(Class::getName).collect(Collectors.joining(", "))
                            + " (say which with " + OptionKey.APP_CLASS + ")",
                    false);
        }
        return types.get(0);
    }
}
