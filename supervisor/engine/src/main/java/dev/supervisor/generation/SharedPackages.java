package dev.supervisor.generation;

import java.util.List;
import org.jboss.modules.LocalLoader;
import org.jboss.modules.Resource;
import org.jspecify.annotations.Nullable;

/**
 * The classes that an application shares with the supervisor. Netty and the SPI are forced: copies of them in a fat jar
 * are not seen, not even classes that the supervisor's version lacks, or two versions would be mixed; but for the parts
 * that the distribution leaves out. SLF4J is offered
 * where the application brings none.
 */
final class SharedPackages implements LocalLoader {

    static final String SLF4J = "org/slf4j";

    private static final String SPI = "dev/supervisor/spi/";
    private static final String NETTY = "io/netty/";

    /** What calls of the application are redirected to. */
    private static final String CALLS = "dev/supervisor/calls/";

    /** Parts of Netty that the distribution does not have, and an application may bring, with natives of their own. */
    private static final List<String> NETTY_EXTRAS = List.of(
            "io/netty/incubator/",
            "io/netty/contrib/",
            "io/netty/internal/tcnative/",
            "io/netty/handler/codec/quic/",
            "io/netty/handler/codec/http3/");

    /**
     * Loads a native library for the class loader that has it: Netty looks for it in the class loader of the classes that
     * the library is for, and defines it there. The supervisor's would load the library for the supervisor, which does not
     * have these classes, and for good.
     */
    private static final String NATIVE_LOADER = "io/netty/util/internal/NativeLibraryUtil";

    private final ClassLoader supervisor = SharedPackages.class.getClassLoader();
    private final boolean applicationBringsSlf4j;

    SharedPackages(boolean applicationBringsSlf4j) {
        this.applicationBringsSlf4j = applicationBringsSlf4j;
    }

    /** @param path of a class file or resource, with slashes */
    static boolean isForced(String path) {
        return path.startsWith(SPI) || path.startsWith(CALLS) || (path.startsWith(NETTY) && !isApplicationsNetty(path));
    }

    private static boolean isApplicationsNetty(String path) {
        return path.startsWith(NATIVE_LOADER) || NETTY_EXTRAS.stream().anyMatch(path::startsWith);
    }

    @Override
    public @Nullable Class<?> loadClassLocal(String name, boolean resolve) {
        String path = name.replace('.', '/');
        boolean offered = !applicationBringsSlf4j && path.startsWith(SLF4J + "/");
        if (!offered && !isForced(path)) {
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
