package dev.supervisor.generation;

import java.util.List;
import java.util.function.Predicate;
import org.jboss.modules.LocalLoader;
import org.jboss.modules.Resource;
import org.jspecify.annotations.Nullable;

/**
 * The classes that an application shares with the supervisor. Netty and the SPI are forced: copies of them in a fat jar
 * are invisible, even classes that the supervisor's version lacks, or two versions would be mixed. Parts of Netty that
 * the distribution leaves out are not forced. SLF4J is offered to applications that bring none.
 */
final class SharedPackages implements LocalLoader {

    static final String SLF4J = "org/slf4j";

    private static final String SPI = "dev/supervisor/spi/";
    private static final String NETTY = "io/netty/";

    /** The package of what is lent to programs. */
    private static final String LENDING = "dev/supervisor/lending/";

    /** The package of the substitutes, to which calls of the application are redirected. */
    private static final String CALLS = "dev/supervisor/calls/";

    /**
     * Parts of Netty that the distribution leaves out. An application may bring them, with native libraries of their
     * own.
     */
    private static final List<String> NETTY_EXTRAS = List.of(
            "io/netty/incubator/",
            "io/netty/contrib/",
            "io/netty/internal/tcnative/",
            "io/netty/handler/codec/quic/",
            "io/netty/handler/codec/http3/");

    /**
     * Netty's class that loads native libraries. Netty looks for it in the class loader of the classes that need the
     * library, and defines it there, so that the library belongs to that class loader. If the supervisor's were found,
     * the library would be loaded for the supervisor, which does not have these classes, and never unloaded.
     */
    private static final String NATIVE_LOADER = "io/netty/util/internal/NativeLibraryUtil";

    private final ClassLoader supervisor = SharedPackages.class.getClassLoader();
    private final boolean offersSlf4j;
    private final Predicate<String> forced;

    private SharedPackages(boolean offersSlf4j, Predicate<String> forced) {
        this.offersSlf4j = offersSlf4j;
        this.forced = forced;
    }

    /** Shares the classes with an application of the SPI. */
    static SharedPackages withSpi(boolean applicationBringsSlf4j) {
        return new SharedPackages(!applicationBringsSlf4j, SharedPackages::isForced);
    }

    /** Shares nothing but the substitutes of calls, which a program knows nothing of. */
    static SharedPackages withProgram() {
        return new SharedPackages(false, SharedPackages::isForcedOnPrograms);
    }

    /** Returns whether a class file or resource of a program always comes from the supervisor. */
    static boolean isForcedOnPrograms(String path) {
        return path.startsWith(CALLS) || path.startsWith(LENDING);
    }

    /**
     * Returns whether a class file or resource always comes from the supervisor.
     *
     * @param path with slashes
     */
    static boolean isForced(String path) {
        return path.startsWith(SPI) || path.startsWith(CALLS) || (path.startsWith(NETTY) && !isApplicationsNetty(path));
    }

    private static boolean isApplicationsNetty(String path) {
        return path.startsWith(NATIVE_LOADER) || NETTY_EXTRAS.stream().anyMatch(path::startsWith);
    }

    @Override
    public @Nullable Class<?> loadClassLocal(String name, boolean resolve) {
        String path = name.replace('.', '/');
        boolean offered = offersSlf4j && path.startsWith(SLF4J + "/");
        if (!offered && !forced.test(path)) {
            return null;
        }
        try {
            return supervisor.loadClass(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    @Override
    public @Nullable Package loadPackageLocal(String name) {
        return null;
    }

    @Override
    public List<Resource> loadResourceLocal(String name) {
        return List.of();
    }
}
