package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.ProjectPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The versions in the project's POMs, by the names of their properties, and {@code supervisor.version}. */
record PomVersions(Map<String, String> versions) {

    private static final Pattern PROPERTY = Pattern.compile("<([\\w.-]+\\.version)>([^<$]+)</\\1>");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");
    private static final Pattern NAME = Pattern.compile("@([\\w.-]+)@");

    static PomVersions read() throws IOException {
        Path root = ProjectPaths.ROOT.resolve("pom.xml");
        Map<String, String> versions = new HashMap<>();
        for (Path pom : new Path[] {ProjectPaths.ROOT.resolve("supervisor/frameworks/pom.xml"), root}) {
            Matcher property = PROPERTY.matcher(Files.readString(pom));
            while (property.find()) {
                versions.put(property.group(1), property.group(2));
            }
        }
        Matcher own = VERSION.matcher(Files.readString(root));
        if (!own.find()) {
            throw new IllegalStateException("no version in " + root);
        }
        versions.put("supervisor.version", own.group(1));
        return new PomVersions(versions);
    }

    String supervisor() {
        return of("supervisor.version");
    }

    String of(String name) {
        String version = versions.get(name);
        if (version == null) {
            throw new IllegalArgumentException("no POM has the property " + name);
        }
        return version;
    }

    /** Replaces names between at signs by their versions, such as {@code @netty.version@}. */
    String fill(String template) {
        return NAME.matcher(template).replaceAll(name -> Matcher.quoteReplacement(of(name.group(1))));
    }
}
