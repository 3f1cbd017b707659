package dev.supervisor.maven;

import dev.supervisor.compile.Project;
import dev.supervisor.compile.Project.Module;
import dev.supervisor.compile.Project.Tests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.project.MavenProject;

/** Describes the tests of modules to the supervisor's compiler, where that and the JUnit Platform are enough for them. */
final class TestModel {

    private static final String LAST_PHASE = "test-compile";
    private static final String COMPILE = "maven-compiler-plugin:testCompile";
    private static final String RESOURCES = "maven-resources-plugin:testResources";

    private final MavenComponents maven;
    private final Reactor reactor;
    private final ProcessorPath processorPath;
    private final Log log;

    TestModel(MavenComponents maven, Reactor reactor, Log log) {
        this.maven = maven;
        this.reactor = reactor;
        this.processorPath = new ProcessorPath(maven.repositories(), reactor.repositories());
        this.log = log;
    }

    /** Returns the module with its tests; as it is, with a warning, if its tests can't be run. */
    Module addTo(Module module) {
        try {
            MavenProject project = reactor.module(module.name()).orElseThrow();
            if (roots(project).stream().noneMatch(Files::isDirectory)) {
                return module;
            }
            return reactor.within(project, () -> module.with(describe(project)));
        } catch (MojoExecutionException e) {
            log.warn("the tests of " + module.name() + " are not run on save: " + e.getMessage());
            return module;
        }
    }

    private Tests describe(MavenProject project) throws Exception {
        List<MojoExecution> plan = maven.lifecycle()
                .calculateExecutionPlan(reactor.session(), LAST_PHASE)
                .getMojoExecutions();
        CompilerSettings compiler = compiler(plan, reactor.plan(project));
        Set<Artifact> artifacts = reactor.testArtifacts(project);
        List<Path> classPath = new ArrayList<>();
        classPath.add(ModuleModel.output(project));
        classPath.addAll(Reactor.files(artifacts));
        Path base = project.getBasedir().toPath().toAbsolutePath();
        return new Tests(
                roots(project),
                output(project),
                compiler.generatedTestSources()
                        .map(base::resolve)
                        .orElseGet(() ->
                                ModuleModel.directory(project).resolve("generated-test-sources/test-annotations")),
                classPath,
                processorPath.of(project, compiler, classPath),
                compiler.processors(),
                compiler.options(),
                resources(project),
                new JUnitPlatform(maven.repositories(), reactor.repositories()).launcher(project, artifacts));
    }

    private CompilerSettings compiler(List<MojoExecution> plan, BuildPlan ofClasses) throws MojoExecutionException {
        Set<String> known = Set.of(COMPILE, RESOURCES, KnownGoals.COMPILE, KnownGoals.RESOURCES);
        Set<String> before =
                Set.copyOf(ofClasses.executions().stream().map(KnownGoals::name).toList());
        Optional<String> other = plan.stream()
                .filter(execution -> !KnownGoals.isDispensable(execution))
                .map(KnownGoals::name)
                .filter(name -> !known.contains(name) && !before.contains(name))
                .findFirst();
        if (other.isPresent()) {
            throw new MojoExecutionException(other.get() + " is part of their build");
        }
        List<MojoExecution> compilers = plan.stream()
                .filter(execution -> KnownGoals.name(execution).equals(COMPILE))
                .toList();
        if (compilers.size() != 1) {
            throw new MojoExecutionException("they are compiled in " + compilers.size() + " executions");
        }
        MojoSettings settings = new MojoSettings(reactor.session(), compilers.get(0));
        CompilerSettings compiler = new CompilerSettings(settings);
        Optional<String> obstacle =
                settings.isTrue("skip") ? Optional.of("their compilation is skipped") : compiler.obstacle();
        if (obstacle.isPresent()) {
            throw new MojoExecutionException(obstacle.get());
        }
        return compiler;
    }

    private static List<Path> roots(MavenProject project) {
        Path base = project.getBasedir().toPath().toAbsolutePath();
        List<String> roots = project.getTestCompileSourceRoots().isEmpty() // after a POM has been read again
                ? List.of(project.getBuild().getTestSourceDirectory())
                : project.getTestCompileSourceRoots();
        Path generated = ModuleModel.directory(project).resolve("generated-test-sources/test-annotations");
        return roots.stream()
                .map(base::resolve)
                .filter(root -> !root.equals(generated))
                .distinct()
                .toList();
    }

    private static Path output(MavenProject project) {
        return Path.of(project.getBuild().getTestOutputDirectory()).toAbsolutePath();
    }

    /** Filtered ones stay as Maven has made them last. */
    private static List<Project.Resources> resources(MavenProject project) {
        Path base = project.getBasedir().toPath().toAbsolutePath();
        return project.getTestResources().stream()
                .filter(resource -> !resource.isFiltering())
                .map(resource -> new Project.Resources(
                        base.resolve(resource.getDirectory()),
                        Optional.ofNullable(resource.getTargetPath()).orElse("")))
                .toList();
    }
}
