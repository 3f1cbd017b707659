package dev.supervisor.maven;

import java.io.File;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Resource;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.project.MavenProject;

/**
 * What Maven executes to build the classes of a module.
 *
 * @param executions all goals up to the phase process-classes, in order
 */
record BuildPlan(MavenProject project, List<MojoExecution> executions) {

    static final String LAST_PHASE = "process-classes";
    private static final String COMPILER_VERSION = "3.";

    BuildPlan {
        executions = List.copyOf(executions);
    }

    /** Returns the settings of the compiler. The session's current project must be this one. */
    Optional<CompilerSettings> compiler(MavenSession session) {
        return executionsOf(KnownGoals.COMPILE).stream()
                .findFirst()
                .map(execution -> new CompilerSettings(new MojoSettings(session, execution)));
    }

    private List<MojoExecution> executionsOf(String goal) {
        return executions.stream()
                .filter(execution -> KnownGoals.name(execution).equals(goal))
                .toList();
    }

    /** Returns why javac is not enough for the classes, in words; empty if it is. */
    String obstacle(MavenSession session) {
        return otherCompiler()
                .or(this::unusualCompiler)
                .or(() -> compiler(session).flatMap(CompilerSettings::obstacle))
                .orElse("");
    }

    /** Returns why Maven has to do something before javac compiles the classes, in words; empty if copies of the resources do. */
    String preparation(MavenSession session) {
        return otherGoals(beforeCompilation())
                .findFirst()
                .map(execution -> KnownGoals.name(execution) + " is part of the build")
                .or(() -> unusualResources(session))
                .orElse("");
    }

    /** Returns the goals that come before the compilation. */
    List<MojoExecution> beforeCompilation() {
        return executions.stream()
                .takeWhile(execution -> !KnownGoals.name(execution).equals(KnownGoals.COMPILE))
                .toList();
    }

    /** Goals that make classes, or change them: before javac if it sees theirs, or after it. */
    private Optional<String> otherCompiler() {
        List<MojoExecution> before = beforeCompilation();
        return Stream.concat(
                        otherGoals(before).filter(KnownGoals::isCompiler),
                        otherGoals(executions.subList(before.size(), executions.size())))
                .findFirst()
                .map(execution -> KnownGoals.name(execution) + " is part of the build");
    }

    private static Stream<MojoExecution> otherGoals(List<MojoExecution> among) {
        return among.stream()
                .filter(execution -> !KnownGoals.isDispensable(execution))
                .filter(execution -> !KnownGoals.name(execution).equals(KnownGoals.COMPILE)
                        && !KnownGoals.name(execution).equals(KnownGoals.RESOURCES));
    }

    private Optional<String> unusualCompiler() {
        List<MojoExecution> compilers = executionsOf(KnownGoals.COMPILE);
        if (compilers.size() > 1) {
            return Optional.of("its sources are compiled in several executions");
        }
        return compilers.stream()
                .map(MojoExecution::getVersion)
                .filter(version -> !version.startsWith(COMPILER_VERSION))
                .findFirst()
                .map(version -> "maven-compiler-plugin " + version + " is none of version 3");
    }

    private Optional<String> unusualResources(MavenSession session) {
        List<MojoExecution> copies = executionsOf(KnownGoals.RESOURCES);
        if (copies.size() > 1) {
            return Optional.of("its resources are copied in several executions");
        }
        boolean isConfigured = copies.stream()
                .map(execution -> new MojoSettings(session, execution))
                .anyMatch(settings -> !settings.elements("resources").isEmpty() || settings.isTrue("skip"));
        if (isConfigured) {
            return Optional.of("maven-resources-plugin has resources of its own");
        }
        return project.getResources().stream()
                .filter(resource -> new File(resource.getDirectory()).exists())
                .flatMap(resource -> unusual(resource).stream())
                .findFirst();
    }

    private static Optional<String> unusual(Resource resource) {
        if (resource.isFiltering()) {
            return Optional.of("resources are filtered");
        }
        return resource.getIncludes().isEmpty() && resource.getExcludes().isEmpty()
                ? Optional.empty()
                : Optional.of("resources have <includes> or <excludes>");
    }
}
