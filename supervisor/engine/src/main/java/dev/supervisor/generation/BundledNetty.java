package dev.supervisor.generation;

import io.netty.util.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the Netty that jars contain. It is not used, since the supervisor's takes its place. Thread-safe. */
final class BundledNetty {

    /** The file in Netty's jars that lists their versions; a fat jar that contains them contains it too. */
    private static final String VERSIONS = "META-INF/io.netty.versions.properties";

    private static final String COMMON = "netty-common";

    private static final Logger LOG = LoggerFactory.getLogger(BundledNetty.class);

    /** Copies that have been looked at. */
    private final Set<PrivateCopy> known = Collections.newSetFromMap(new WeakHashMap<>());

    private boolean said;

    /** Warns, once, that a build brings another Netty than the supervisor's, which is used for every build. */
    synchronized void report(List<PrivateCopy> copies) {
        for (PrivateCopy copy : copies) {
            if (!said && known.add(copy)) {
                other(copy.path()).ifPresent(version -> {
                    said = true;
                    LOG.warn("{} brings Netty {}, but runs with the supervisor's, {}", copy.source(), version, own());
                });
            }
        }
    }

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
