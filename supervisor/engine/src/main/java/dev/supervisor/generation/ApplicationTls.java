package dev.supervisor.generation;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.util.List;
import org.jboss.modules.ClassSpec;
import org.jboss.modules.PackageSpec;
import org.jboss.modules.Resource;
import org.jboss.modules.ResourceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Netty's TLS packages in the supervisor's version, defined again in a generation whose application brings {@code
 * netty-tcnative}. Their classes look for {@code netty-tcnative} in their own class loader, so the supervisor's would
 * not find it. They also hold native memory and libraries, which must go with the generation.
 */
final class ApplicationTls implements ResourceLoader {

    /** The classes of {@code netty-tcnative}. */
    private static final String TCNATIVE = "io/netty/internal/tcnative";

    private static final String TLS = "io/netty/handler/ssl";
    private static final List<String> PACKAGES = List.of(TLS, TLS + "/ocsp", TLS + "/util");

    private final ClassLoader supervisor = ApplicationTls.class.getClassLoader();

    /** Returns whether one of the application's jars or directories is, or contains, {@code netty-tcnative}. */
    static boolean isNeededFor(List<ResourceLoader> application) {
        return application.stream().anyMatch(loader -> loader.getPaths().contains(TCNATIVE));
    }

    @Override
    public @Nullable ClassSpec getClassSpec(String fileName) throws IOException {
        if (!fileName.startsWith(TLS + "/")) {
            return null;
        }
        try (InputStream file = supervisor.getResourceAsStream(fileName)) {
            if (file == null) {
                return null;
            }
            ClassSpec spec = new ClassSpec();
            spec.setBytes(file.readAllBytes());
            spec.setCodeSource(new CodeSource(null, (CodeSigner[]) null));
            return spec;
        }
    }

    @Override
    public PackageSpec getPackageSpec(String name) {
        return new PackageSpec();
    }

    @Override
    public @Nullable Resource getResource(String name) {
        return null;
    }

    @Override
    public @Nullable String getLibrary(String name) {
        return null;
    }

    @Override
    public List<String> getPaths() {
        return PACKAGES;
    }

    @Override
    public @Nullable URI getLocation() {
        return null;
    }
}
