package dev.supervisor.demo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Properties;

/** The time at which this jar was built, which Maven writes into {@code demo.properties}. */
final class BuildTime {

    private BuildTime() {}

    /**
     * Reads the time from the application's own jar.
     *
     * @throws IOException if the file is missing, as it would be in a jar that was not built by Maven
     * @throws java.time.format.DateTimeParseException if Maven has not filled it in
     */
    static Instant read() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = BuildTime.class.getResourceAsStream("/demo.properties")) {
            if (in == null) {
                throw new FileNotFoundException("can't read the build time: no demo.properties in the jar");
            }
            properties.load(in);
        }
        return Instant.parse(properties.getProperty("build.time", "no build.time in demo.properties"));
    }
}
