package dev.supervisor.maven;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;

/** The main class that a project names for another plugin. */
final class ConfiguredMainClass {

    /** Plugins, and where in their configuration a main class stands. */
    private record Place(String plugin, List<String> path) {}

    private static final List<Place> PLACES = List.of(
            new Place("org.springframework.boot:spring-boot-maven-plugin", List.of("mainClass")),
            new Place("org.apache.maven.plugins:maven-jar-plugin", List.of("archive", "manifest", "mainClass")),
            new Place("org.apache.maven.plugins:maven-assembly-plugin", List.of("archive", "manifest", "mainClass")),
            new Place("org.codehaus.mojo:exec-maven-plugin", List.of("mainClass")));

    private static final List<String> PROPERTIES = List.of("start-class", "exec.mainClass");

    private ConfiguredMainClass() {}

    static Optional<String> of(MavenProject project) {
        Stream<String> configured = PLACES.stream().flatMap(place -> of(project, place));
        Stream<String> properties =
                PROPERTIES.stream().map(project.getProperties()::getProperty).filter(Objects::nonNull);
        return Stream.concat(configured, properties)
                .map(String::strip)
                .filter(name -> !name.isEmpty() && !name.startsWith("${"))
                .findFirst();
    }

    private static Stream<String> of(MavenProject project, Place place) {
        Plugin plugin = project.getPlugin(place.plugin());
        if (plugin == null) {
            return Stream.empty();
        }
        Stream<Object> ofExecutions = plugin.getExecutions().stream().map(PluginExecution::getConfiguration);
        return Stream.concat(Stream.ofNullable(plugin.getConfiguration()), ofExecutions.filter(Objects::nonNull))
                .flatMap(configuration -> Stream.ofNullable(value((Xpp3Dom) configuration, place.path())));
    }

    private static @Nullable String value(Xpp3Dom configuration, List<String> path) {
        Xpp3Dom at = configuration;
        for (String name : path) {
            at = at == null ? null : at.getChild(name);
        }
        return at == null ? null : at.getValue();
    }
}
