package dev.supervisor.maven;

import dev.supervisor.compile.Project;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.project.MavenProject;

/** Describes the project to the supervisor. */
final class ProjectModel {

    private static final Set<String> RUN_TIME_SCOPES = Set.of(Artifact.SCOPE_COMPILE, Artifact.SCOPE_RUNTIME);

    private final Reactor reactor;
    private final ModuleModel modules;
    private final Optional<TestModel> tests;

    private ProjectModel(Reactor reactor, ModuleModel modules, Optional<TestModel> tests) {
        this.tests = tests;
        this.reactor = reactor;
        this.modules = modules;
    }

    /** @param alsoWatched relative to the directory of each module that has such a file or directory */
    static ProjectModel of(MavenComponents maven, Reactor reactor, List<String> alsoWatched) {
        ProcessorPath processors = new ProcessorPath(maven.repositories(), reactor.repositories());
        return new ProjectModel(reactor, new ModuleModel(reactor, processors, alsoWatched), Optional.empty());
    }

    /** Returns the same with the tests of modules. */
    ProjectModel with(TestModel testModel) {
        return new ProjectModel(reactor, modules, Optional.of(testModel));
    }

    /** @param application the module that is run */
    Project of(MavenProject application) throws MojoExecutionException {
        List<Project.Module> needed = needed(application);
        createOutputs(needed);
        return new Project(
                Path.of(reactor.session().getExecutionRootDirectory()).toAbsolutePath(),
                ModuleModel.output(application),
                reactor.classPath(application, RUN_TIME_SCOPES),
                descriptors(),
                needed.stream()
                        .map(module -> tests.map(each -> each.addTo(module)).orElse(module))
                        .toList());
    }

    /** Returns an application and the modules that it needs, also for its compilation, in the order in which they are built. */
    List<Project.Module> needed(MavenProject application) throws MojoExecutionException {
        Set<Path> paths = new LinkedHashSet<>(reactor.classPath(application, RUN_TIME_SCOPES));
        paths.add(ModuleModel.output(application));
        List<Project.Module> needed = new ArrayList<>();
        List<MavenProject> lastFirst = new ArrayList<>(reactor.modules());
        Collections.reverse(lastFirst);
        for (MavenProject project : lastFirst) {
            if (paths.contains(ModuleModel.output(project))) {
                Project.Module module = modules.of(project);
                paths.addAll(module.classPath());
                paths.addAll(module.processorPath());
                needed.add(0, module);
            }
        }
        return needed;
    }

    /** A module without a class has none yet, but the directory is on class paths. */
    private static void createOutputs(List<Project.Module> modules) throws MojoExecutionException {
        try {
            for (Project.Module module : modules) {
                Files.createDirectories(module.output());
            }
        } catch (IOException e) {
            throw new MojoExecutionException("can't create a directory of classes: " + e.getMessage(), e);
        }
    }

    /** Returns the POMs of all modules, and of their parents that are no artifacts of a repository. */
    private List<Path> descriptors() {
        Set<Path> descriptors = new LinkedHashSet<>();
        Path repository = reactor.repositories()
                .getLocalRepository()
                .getBasedir()
                .toPath()
                .toAbsolutePath();
        for (MavenProject project : reactor.all()) {
            for (MavenProject each = project; each != null; each = each.getParent()) {
                File file = each.getFile();
                if (file != null && !file.toPath().toAbsolutePath().startsWith(repository)) {
                    descriptors.add(file.toPath().toAbsolutePath().normalize());
                }
            }
        }
        return List.copyOf(descriptors);
    }
}
