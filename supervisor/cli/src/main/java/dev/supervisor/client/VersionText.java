package dev.supervisor.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/** What {@code --version} prints. */
public final class VersionText {

    private VersionText() {}

    /** Returns whether the words ask for it, and for nothing else. */
    static boolean isAskedForBy(List<String> words) {
        return words.equals(List.of("--version")) || words.equals(List.of("-V"));
    }

    public static List<String> lines() {
        Properties properties = properties();
        return List.of(
                "supervisor " + properties.getProperty("version"),
                "Netty " + properties.getProperty("netty"),
                "Java " + Runtime.version() + " (" + System.getProperty("java.home") + ")");
    }

    /** Returns the number of the version alone. */
    public static String number() {
        return properties().getProperty("version", "");
    }

    private static Properties properties() {
        Properties properties = new Properties();
        try (InputStream file = VersionText.class.getResourceAsStream("/supervisor-version.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
