package dev.supervisor.exec;

import java.util.Collection;

/**
 * The environment of this process in the C library. A child inherits it if its {@link ProcessBuilder#environment()} was
 * never asked for; the JVM's own copy does not count then.
 */
public final class NativeEnvironment {

    private NativeEnvironment() {}

    /**
     * Removes variables. Must be called before other threads may read the environment.
     *
     * @throws dev.supervisor.SupervisorException if this system's C library can't be called
     */
    public static void remove(Collection<String> names) {
        if (!names.isEmpty()) {
            CLibrary library = CLibrary.load();
            names.forEach(library::unsetenv);
        }
    }
}
