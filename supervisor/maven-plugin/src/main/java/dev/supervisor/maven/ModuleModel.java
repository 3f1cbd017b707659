package dev.supervisor.maven;

import dev.supervisor.compile.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.model.Resource;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.project.MavenProject;

/** Describes modules to the supervisor's compiler. */
final class ModuleModel {

    private static final Set<String> COMPILE_SCOPES =
            Set.of(Artifact.SCOPE_COMPILE, Artifact.SCOPE_PROVIDED, Artifact.SCOPE_SYSTEM);

    private final Reactor reactor;
    private final ProcessorPath processorPath;
    private final List<String> alsoWatched;

    /** @param alsoWatched relative to the directory of each module that has such a file or directory */
    ModuleModel(Reactor reactor, ProcessorPath processorPath, List<String> alsoWatched) {
        this.reactor = reactor;
        this.processorPath = processorPath;
        this.alsoWatched = List.copyOf(alsoWatched);
    }

    Project.Module of(MavenProject project) throws MojoExecutionException {
        reactor.resolve(project);
        BuildPlan plan = reactor.plan(project);
        return reactor.within(project, () -> describe(project, plan));
    }

    private Project.Module describe(MavenProject project, BuildPlan plan) throws MojoExecutionException {
        Optional<CompilerSettings> compiler = plan.compiler(reactor.session());
        List<Path> classPath = reactor.classPath(project, COMPILE_SCOPES);
        Path base = project.getBasedir().toPath().toAbsolutePath();
        Path generated = compiler.flatMap(CompilerSettings::generatedSources)
                .map(base::resolve)
                .orElseGet(() -> directory(project).resolve("generated-sources/annotations"));
        List<Path> roots = roots(project, generated);
        String obstacle = plan.obstacle(reactor.session());
        String preparation = obstacle.isEmpty() ? plan.preparation(reactor.session()) : "";
        List<Project.Resources> resources = resources(project);
        return new Project.Module(
                reactor.nameOf(project),
                base,
                roots,
                output(project),
                generated,
                classPath,
                compiler.isPresent() ? processorPath.of(project, compiler.get(), classPath) : List.of(),
                compiler.map(CompilerSettings::processors).orElse(List.of()),
                compiler.map(CompilerSettings::options).orElse(List.of()),
                preparation.isEmpty() ? resources : List.of(),
                watched(base, roots, preparation.isEmpty() ? resources : List.of(), resources),
                preparation,
                obstacle);
    }

    /** maven-compiler-plugin adds the directory of generated sources to the roots, for IDEs. */
    private static List<Path> roots(MavenProject project, Path generated) {
        Path base = project.getBasedir().toPath().toAbsolutePath();
        return project.getCompileSourceRoots().stream()
                .map(base::resolve)
                .filter(root -> !root.equals(generated))
                .distinct()
                .toList();
    }

    private static List<Project.Resources> resources(MavenProject project) {
        Path base = project.getBasedir().toPath().toAbsolutePath();
        return project.getResources().stream()
                .map((Resource resource) -> new Project.Resources(
                        base.resolve(resource.getDirectory()),
                        Optional.ofNullable(resource.getTargetPath()).orElse("")))
                .toList();
    }

    /** Other files below src/main are sources of other tools: schemas, templates, grammars. */
    private List<Path> watched(
            Path base, List<Path> roots, List<Project.Resources> resources, List<Project.Resources> all) {
        Path main = base.resolve("src/main");
        List<Path> watched = new ArrayList<>();
        if (Files.isDirectory(main)
                && !roots.contains(main)
                && resources.stream().noneMatch(each -> each.directory().equals(main))) {
            watched.add(main);
        }
        all.stream()
                .filter(each -> !resources.contains(each))
                .map(Project.Resources::directory)
                .filter(directory -> !directory.startsWith(main) && Files.exists(directory))
                .forEach(watched::add);
        alsoWatched.stream().map(base::resolve).filter(Files::exists).forEach(watched::add);
        return watched;
    }

    static Path output(MavenProject project) {
        return Path.of(project.getBuild().getOutputDirectory()).toAbsolutePath();
    }

    static Path directory(MavenProject project) {
        return Path.of(project.getBuild().getDirectory()).toAbsolutePath();
    }
}
