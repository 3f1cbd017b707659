package dev.supervisor.generation;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of a Quarkus application (its {@code fast-jar}), whose own launcher and class loader are not needed. */
final class Quarkus {

    /** The directories and jars of the application, in the order of its class path, relative to the launcher. */
    static final List<String> ROOTS = List.of(
            "quarkus/transformed-bytecode.jar", "quarkus/generated-bytecode.jar", "app", "lib/main", "lib/boot");

    private static final String LAUNCHER = "io.quarkus.bootstrap.runner.QuarkusEntryPoint";
    private static final String MAIN = "io.quarkus.runner.GeneratedMain";
    private static final String MODEL = "quarkus/quarkus-application.dat";

    private Quarkus() {}

    /** Returns whether a jar with this main class starts a Quarkus application. */
    static boolean isLauncher(String mainClass) {
        return mainClass.equals(LAUNCHER);
    }

    /** Returns the class that the launcher runs. The model begins with two numbers and its name. */
    static String mainClass(Path launcher) {
        try (DataInputStream model = new DataInputStream(Files.newInputStream(launcher.resolveSibling(MODEL)))) {
            model.readInt();
            model.readInt();
            return model.readUTF();
        } catch (IOException e) { // another version of Quarkus
            return MAIN;
        }
    }
}
