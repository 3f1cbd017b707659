package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;

/** Named pipes: whoever opens one for reading waits until it is opened for writing. */
final class Pipes {

    private Pipes() {}

    static Path make(Path path) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", path.toString())
                        .inheritIO()
                        .start()
                        .waitFor());
        return path;
    }
}
