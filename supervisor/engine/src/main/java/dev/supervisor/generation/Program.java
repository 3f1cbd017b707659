package dev.supervisor.generation;

import dev.supervisor.spi.Application;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;

/**
 * How the classes of a snapshot are run, and where they lie: as an application of the SPI, or as a program, which knows
 * nothing of the supervisor and has a class with a {@code main}.
 *
 * @param mainClass the class with the {@code main}; empty for an application of the SPI
 * @param classes the directory in the application's jar in which its classes lie; empty for the whole jar
 * @param libraries the directories in the application's jar in which its libraries lie, as jars
 */
record Program(Optional<String> mainClass, String classes, List<String> libraries) {

    private static final String SERVICE_FILE = "META-INF/services/" + Application.class.getName();

    private static final Attributes.Name BOOT_CLASSES = new Attributes.Name("Spring-Boot-Classes");
    private static final Attributes.Name BOOT_LIBRARIES = new Attributes.Name("Spring-Boot-Lib");
    private static final Attributes.Name BOOT_MAIN = new Attributes.Name("Start-Class");

    /** Beside the libraries of a war: what a servlet container would provide. */
    private static final String PROVIDED = "WEB-INF/lib-provided/";

    Program {
        libraries = List.copyOf(libraries);
    }

    static Program ofSpi() {
        return new Program(Optional.empty(), "", List.of());
    }

    /** Whether the application brings all of its libraries, Netty too, and shares none with the supervisor. */
    boolean isUnmodified() {
        return mainClass.isPresent();
    }

    /**
     * Finds out what a snapshot is.
     *
     * @param applicationClass the implementation of the SPI, if the user has named one
     * @param mainClass the class with a {@code main}, if the user has named one
     */
    static Program of(Snapshot snapshot, Optional<String> applicationClass, Optional<String> mainClass)
            throws IOException {
        if (applicationClass.isPresent() || (mainClass.isEmpty() && hasProvider(snapshot))) {
            return ofSpi();
        }
        Path app = snapshot.copies().get(0).path();
        if (!Files.isRegularFile(app)) {
            return new Program(mainClass, "", List.of());
        }
        return of(JarManifest.attributes(app), snapshot.build().app(), mainClass);
    }

    private static Program of(Attributes attributes, Path source, Optional<String> named) {
        String classes = attributes.getValue(BOOT_CLASSES);
        if (classes != null) {
            List<String> libraries = new ArrayList<>(List.of(PROVIDED));
            Optional.ofNullable(attributes.getValue(BOOT_LIBRARIES)).ifPresent(main -> libraries.add(0, main));
            return new Program(named.or(() -> Optional.ofNullable(attributes.getValue(BOOT_MAIN))), classes, libraries);
        }
        Optional<String> main = Optional.ofNullable(attributes.getValue(Attributes.Name.MAIN_CLASS));
        return new Program(
                named.or(() -> main.filter(Quarkus::isLauncher).map(launcher -> Quarkus.mainClass(source)))
                        .or(() -> main),
                "",
                List.of());
    }

    private static boolean hasProvider(Snapshot snapshot) throws IOException {
        for (PrivateCopy copy : snapshot.copies()) {
            if (copy.contains(SERVICE_FILE)) {
                return true;
            }
        }
        return false;
    }
}
