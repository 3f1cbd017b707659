package dev.supervisor.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.model.Resource;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.project.MavenProject;

/** Decides which module is run, and which class of it. */
final class ApplicationChoice {

    private static final String SERVICE = "META-INF/services/dev.supervisor.spi.Application";

    private final Reactor reactor;
    private final Optional<String> module;
    private final Optional<String> mainClass;

    /**
     * @param module the name of a module that is asked for
     * @param mainClass a class that is asked for
     */
    ApplicationChoice(Reactor reactor, Optional<String> module, Optional<String> mainClass) {
        this.reactor = reactor;
        this.module = module;
        this.mainClass = mainClass;
    }

    /** Returns the application if it is known without a build: without any class, or by the classes of a former build. */
    Optional<Application> withoutBuild() throws MojoExecutionException {
        Optional<Application> known = beforeBuild();
        if (known.isPresent()) {
            return known;
        }
        List<Application> compiled = new ArrayList<>();
        for (MavenProject candidate : candidates()) {
            mainClasses(candidate).forEach(name -> compiled.add(new Application(candidate, Optional.of(name))));
        }
        return compiled.size() == 1 ? Optional.of(compiled.get(0)) : Optional.empty();
    }

    /** Returns the application if it is known without any class; empty if the modules have to be compiled for that. */
    Optional<Application> beforeBuild() throws MojoExecutionException {
        List<MavenProject> candidates = candidates();
        if (mainClass.isPresent() && candidates.size() == 1) {
            return Optional.of(new Application(candidates.get(0), mainClass));
        }
        List<MavenProject> providers = providers(candidates);
        if (mainClass.isEmpty() && !providers.isEmpty()) {
            return Optional.of(new Application(only(providers), Optional.empty()));
        }
        List<Application> configured = new ArrayList<>();
        for (MavenProject candidate : candidates) {
            ConfiguredMainClass.of(candidate)
                    .ifPresent(name -> configured.add(new Application(candidate, Optional.of(name))));
        }
        return configured.size() == 1 && mainClass.isEmpty() ? Optional.of(configured.get(0)) : Optional.empty();
    }

    /**
     * Returns the application.
     *
     * @throws MojoExecutionException if there is none, or several; says how to choose
     */
    Application afterBuild() throws MojoExecutionException {
        Optional<Application> known = beforeBuild();
        if (known.isPresent()) {
            return known.get();
        }
        Map<MavenProject, List<String>> found = new LinkedHashMap<>();
        for (MavenProject candidate : candidates()) {
            List<String> names = mainClasses(candidate);
            if (!names.isEmpty()) {
                found.put(candidate, names);
            }
        }
        if (found.isEmpty()) {
            throw new MojoExecutionException(nothing());
        }
        MavenProject chosen = only(List.copyOf(found.keySet()));
        return new Application(chosen, Optional.of(only(chosen, found.getOrDefault(chosen, List.of()))));
    }

    private List<MavenProject> candidates() throws MojoExecutionException {
        if (module.isEmpty()) {
            return reactor.modules();
        }
        List<MavenProject> named = reactor.modules().stream()
                .filter(project -> isNamed(project, module.get()))
                .toList();
        if (named.isEmpty()) {
            throw new MojoExecutionException("there is no module '" + module.get() + "' with classes (the modules are: "
                    + names(reactor.modules()) + "; run Maven in the directory of the parent POM)");
        }
        return named;
    }

    /** Accepts what Maven's own --projects does. */
    private static boolean isNamed(MavenProject project, String name) {
        return name.equals(project.getArtifactId())
                || name.equals(":" + project.getArtifactId())
                || name.equals(project.getGroupId() + ":" + project.getArtifactId())
                || name.equals(project.getBasedir().getName());
    }

    private List<String> mainClasses(MavenProject candidate) throws MojoExecutionException {
        Optional<String> configured = ConfiguredMainClass.of(candidate);
        if (mainClass.isEmpty() && configured.isPresent()) {
            return List.of(configured.get());
        }
        Path output = ModuleModel.output(candidate);
        if (mainClass.isPresent()) {
            Path file = output.resolve(mainClass.get().replace('.', '/') + ".class");
            return Files.exists(file) ? List.of(mainClass.get()) : List.of();
        }
        try {
            return MainClasses.in(output);
        } catch (IOException e) {
            throw new MojoExecutionException("can't search " + output + " for a main(): " + e.getMessage(), e);
        }
    }

    private static List<MavenProject> providers(List<MavenProject> candidates) {
        return candidates.stream().filter(ApplicationChoice::isProvider).toList();
    }

    private static boolean isProvider(MavenProject project) {
        Stream<Path> resources = project.getResources().stream()
                .filter(resource -> resource.getTargetPath() == null)
                .map(Resource::getDirectory)
                .map(project.getBasedir().toPath()::resolve);
        return Stream.concat(resources, Stream.of(ModuleModel.output(project)))
                .anyMatch(directory -> Files.exists(directory.resolve(SERVICE)));
    }

    private MavenProject only(List<MavenProject> found) throws MojoExecutionException {
        if (found.size() > 1) {
            throw new MojoExecutionException("several modules have an application: " + names(found)
                    + " (say which one to run: -Dsupervisor.module=" + reactor.nameOf(found.get(0)) + ")");
        }
        return found.get(0);
    }

    private static String only(MavenProject project, List<String> found) throws MojoExecutionException {
        if (found.size() > 1) {
            throw new MojoExecutionException("several classes of " + project.getArtifactId() + " have a main(): "
                    + String.join(", ", found) + " (say which one to run: -Dsupervisor.main-class=" + found.get(0)
                    + ", or <mainClass> in the configuration of supervisor-maven-plugin)");
        }
        return found.get(0);
    }

    private String nothing() throws MojoExecutionException {
        String where = names(candidates());
        if (mainClass.isPresent()) {
            return "there is no class " + mainClass.get() + " in " + where + " (is it compiled? see above)";
        }
        return "there is nothing to run in " + where + ": no class has a public static void main(String[]), and no"
                + " resource " + SERVICE
                + " names an application (if the class is not compiled, see above; else run Maven"
                + " in the directory of the application or of its parent POM)";
    }

    private String names(List<MavenProject> projects) {
        return projects.isEmpty()
                ? "none"
                : projects.stream().map(reactor::nameOf).collect(Collectors.joining(", "));
    }
}
