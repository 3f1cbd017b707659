package dev.supervisor.maven;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.RepositoryUtils;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.project.DefaultDependencyResolutionRequest;
import org.apache.maven.project.DependencyResolutionException;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.graph.DependencyFilter;
import org.eclipse.aether.graph.DependencyNode;

/**
 * The modules of a build that have classes, in the order in which they are built, from one reading of their descriptors.
 * Used on the thread of the goal, to which Maven binds its session.
 */
final class Reactor {

    private static final DependencyFilter NO_TESTS = (node, parents) -> node.getDependency() == null
            || !Artifact.SCOPE_TEST.equals(node.getDependency().getScope());

    private final MavenComponents maven;
    private final MavenSession session;
    private final List<MavenProject> all;
    private final RepositorySystemSession repositories;
    private final Map<MavenProject, BuildPlan> plans = new HashMap<>();
    private final Set<MavenProject> resolved = new LinkedHashSet<>();

    /** @param all the modules, in the order in which they are built; also those without classes */
    Reactor(MavenComponents maven, MavenSession session, List<MavenProject> all) {
        this.maven = maven;
        this.session = session;
        this.all = List.copyOf(all);
        this.repositories = ProjectReader.repositories(session, this.all);
    }

    /** Returns the modules that have classes. */
    List<MavenProject> modules() {
        return all.stream()
                .filter(project -> !project.getPackaging().equals("pom"))
                .toList();
    }

    /** Returns all, also the ones without classes. */
    List<MavenProject> all() {
        return all;
    }

    MavenSession session() {
        return session;
    }

    RepositorySystemSession repositories() {
        return repositories;
    }

    Optional<MavenProject> module(String name) {
        return modules().stream()
                .filter(project -> nameOf(project).equals(name))
                .findFirst();
    }

    /** Returns a name that is unique in the reactor: the artifact's, or with its group if several have that. */
    String nameOf(MavenProject project) {
        boolean isUnique = all.stream()
                        .filter(other -> other.getArtifactId().equals(project.getArtifactId()))
                        .count()
                == 1;
        return isUnique ? project.getArtifactId() : project.getGroupId() + ":" + project.getArtifactId();
    }

    /** Returns what Maven executes to build a module. */
    BuildPlan plan(MavenProject project) throws MojoExecutionException {
        BuildPlan plan = plans.get(project);
        if (plan == null) {
            plan = within(
                    project,
                    () -> new BuildPlan(
                            project,
                            maven.lifecycle()
                                    .calculateExecutionPlan(session, BuildPlan.LAST_PHASE)
                                    .getMojoExecutions()));
            plans.put(project, plan);
        }
        return plan;
    }

    /** Gives a module its dependencies but those of tests, once. Other modules are directories of classes. */
    void resolve(MavenProject project) throws MojoExecutionException {
        if (!resolved.add(project)) {
            return;
        }
        try {
            DefaultDependencyResolutionRequest request = new DefaultDependencyResolutionRequest(project, repositories);
            request.setResolutionFilter(NO_TESTS);
            DependencyNode graph = maven.dependencies().resolve(request).getDependencyGraph();
            Set<Artifact> artifacts = new LinkedHashSet<>();
            if (graph != null) {
                List<String> trail = List.of(project.getArtifact().getId());
                RepositoryUtils.toArtifacts(artifacts, graph.getChildren(), trail, NO_TESTS);
            }
            project.setArtifacts(artifacts);
        } catch (DependencyResolutionException e) {
            throw new MojoExecutionException(
                    e.getMessage() + " (if that is a module next to this one: run Maven in the directory of the parent"
                            + " POM, with --projects and --also-make to leave others out)",
                    e);
        }
    }

    /** Returns all dependencies of a module, those of tests too. */
    Set<Artifact> testArtifacts(MavenProject project) throws MojoExecutionException {
        try {
            DependencyNode graph = maven.dependencies()
                    .resolve(new DefaultDependencyResolutionRequest(project, repositories))
                    .getDependencyGraph();
            Set<Artifact> artifacts = new LinkedHashSet<>();
            if (graph != null) {
                List<String> trail = List.of(project.getArtifact().getId());
                RepositoryUtils.toArtifacts(artifacts, graph.getChildren(), trail, null);
            }
            return artifacts;
        } catch (DependencyResolutionException e) {
            throw new MojoExecutionException(e.getMessage(), e);
        }
    }

    /** Returns the files of artifacts that are for class paths. */
    static List<Path> files(Set<Artifact> artifacts) {
        return artifacts.stream()
                .filter(artifact -> artifact.getArtifactHandler().isAddedToClasspath() && artifact.getFile() != null)
                .map(artifact -> artifact.getFile().toPath().toAbsolutePath())
                .toList();
    }

    /** Returns the files of a module's dependencies in some scopes that are for class paths, in Maven's order. */
    List<Path> classPath(MavenProject project, Set<String> scopes) throws MojoExecutionException {
        resolve(project);
        List<Path> paths = new ArrayList<>();
        for (Artifact artifact : project.getArtifacts()) {
            if (scopes.contains(artifact.getScope())
                    && artifact.getArtifactHandler().isAddedToClasspath()
                    && artifact.getFile() != null) {
                paths.add(artifact.getFile().toPath().toAbsolutePath());
            }
        }
        return paths;
    }

    /** What is done with a module as the session's current project. */
    interface Work<T> {
        T run() throws Exception;
    }

    /** Does something with a module as the session's current project. */
    <T> T within(MavenProject project, Work<T> work) throws MojoExecutionException {
        MavenProject before = session.getCurrentProject();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        session.setCurrentProject(project);
        if (project.getClassRealm() != null) {
            Thread.currentThread().setContextClassLoader(project.getClassRealm());
        }
        try {
            return work.run();
        } catch (MojoExecutionException e) {
            throw e;
        } catch (Exception e) {
            throw new MojoExecutionException(e.getMessage(), e);
        } finally {
            Thread.currentThread().setContextClassLoader(loader);
            session.setCurrentProject(before);
        }
    }
}
