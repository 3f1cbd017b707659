package dev.supervisor.generation;

import io.netty.util.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Finds the Netty that a jar contains. It is not used, since the supervisor's takes its place. */
final class BundledNetty {

    /** The file in Netty's jars that lists their versions; a fat jar that contains them contains it too. */
    private static final String VERSIONS = "META-INF/io.netty.versions.properties";

    private static final String COMMON = "netty-common";

    private BundledNetty() {}

    /** Returns the version of the Netty in a jar, if it differs from the supervisor's. */
    static Optional<String> other(Path jar) {
        return versionIn(jar).filter(version -> !version.equals(own()));
    }

    static String own() {
        Version common = Version.identify(BundledNetty.class.getClassLoader()).get(COMMON);
        return common == null ? "" : common.artifactVersion();
    }

    private static Optional<String> versionIn(Path jar) {
        if (!Files.isRegularFile(jar)) {
            return Optional.empty();
        }
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(VERSIONS);
            if (entry == null) {
                return Optional.empty();
            }
            Properties versions = new Properties();
            try (InputStream in = zip.getInputStream(entry)) {
                versions.load(in);
            }
            return versions.stringPropertyNames().stream()
                    .filter(name -> name.endsWith(".version"))
                    .map(versions::getProperty)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
