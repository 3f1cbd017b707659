package dev.supervisor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = properties();
        return new String[] {
            "supervisor " + properties.getProperty("version"),
            "Netty " + properties.getProperty("netty"),
            "Java " + Runtime.version() + " (" + System.getProperty("java.home") + ")"
        };
    }

    private static Properties properties() throws IOException {
        Properties properties = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("/supervisor-version.properties")) {
            properties.load(file);
        }
        return properties;
    }

    /** Returns the number of the version alone. */
    static String number() {
        try {
            return properties().getProperty("version", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
