package dev.supervisor.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.plugin.MojoExecutionException;

/** A jar without classes that {@code java -jar} starts the supervisor with: its manifest names the jars of the plugin. */
final class LauncherJar {

    private static final String COMMAND = "supervisor-cli";

    /** What the JVM reads in the manifest of the jar that it is started with, and of no other. */
    private static final List<String> COPIED = List.of("Main-Class", "Add-Opens", "Enable-Native-Access");

    private LauncherJar() {}

    /** @param artifacts of the plugin */
    static void write(Path jar, Collection<Artifact> artifacts) throws MojoExecutionException, IOException {
        Artifact command = artifacts.stream()
                .filter(artifact -> artifact.getArtifactId().equals(COMMAND))
                .findFirst()
                .orElseThrow(() -> new MojoExecutionException(COMMAND + " is missing among the artifacts of the plugin"
                        + " (don't exclude it in the plugin's <dependencies>)"));
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        copy(command.getFile().toPath(), attributes);
        attributes.put(Attributes.Name.CLASS_PATH, classPath(artifacts));
        Files.createDirectories(jar.toAbsolutePath().getParent());
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    private static void copy(Path command, Attributes attributes) throws IOException, MojoExecutionException {
        try (JarFile file = new JarFile(command.toFile())) {
            Manifest theirs = file.getManifest();
            for (String name : COPIED) {
                String value =
                        theirs == null ? null : theirs.getMainAttributes().getValue(name);
                if (value == null) {
                    throw new MojoExecutionException(command + " has no " + name + " in its manifest");
                }
                attributes.putValue(name, value);
            }
        }
    }

    private static String classPath(Collection<Artifact> artifacts) {
        return artifacts.stream()
                .filter(artifact -> artifact.getFile() != null
                        && artifact.getFile().getName().endsWith(".jar"))
                .map(artifact -> artifact.getFile().toURI().toASCIIString())
                .collect(Collectors.joining(" "));
    }
}
