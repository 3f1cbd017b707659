package dev.supervisor.maven;

import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.building.ModelProblemUtils;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.project.DefaultProjectBuildingRequest;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.ProjectBuildingException;
import org.apache.maven.project.ProjectBuildingRequest;
import org.apache.maven.project.ProjectBuildingResult;
import org.apache.maven.project.ProjectSorter;
import org.eclipse.aether.DefaultRepositoryCache;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositorySystemSession;

/** Reads the descriptors of the build again, while the session goes on. */
final class ProjectReader {

    private final MavenComponents maven;
    private final MavenSession session;

    /** The modules that Maven has left out, as with {@code --projects}. */
    private final Set<String> unselected;

    ProjectReader(MavenComponents maven, MavenSession session) {
        this.maven = maven;
        this.session = session;
        this.unselected = session.getAllProjects().stream()
                .map(ProjectReader::key)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        session.getProjects().forEach(project -> unselected.remove(key(project)));
    }

    /**
     * Returns the modules as their descriptors are now, in the order in which they are built; with the ones that were added.
     *
     * @throws MojoExecutionException with Maven's message if a descriptor is wrong
     */
    List<MavenProject> read() throws MojoExecutionException {
        ModelCaches.forget(session);
        ProjectBuildingRequest request = new DefaultProjectBuildingRequest(session.getProjectBuildingRequest());
        request.setProject(null);
        request.setResolveDependencies(false);
        request.setRepositorySession(repositories(session, session.getProjects()));
        List<MavenProject> projects = new ArrayList<>();
        try {
            for (ProjectBuildingResult result : maven.projects().build(List.of(top()), true, request)) {
                MavenProject project = Objects.requireNonNull(result.getProject());
                if (!unselected.contains(key(project))) {
                    projects.add(prepared(project));
                }
            }
            return new ProjectSorter(projects).getSortedProjects();
        } catch (ProjectBuildingException e) {
            throw new MojoExecutionException(messageOf(e), e);
        } catch (Exception e) { // a cycle or a duplicate, of types that differ between versions of Maven
            throw new MojoExecutionException(e.getMessage(), e);
        }
    }

    private File top() {
        MavenProject top = session.getTopLevelProject();
        return Objects.requireNonNull(top.getFile());
    }

    private MavenProject prepared(MavenProject project) {
        if (project.getCompileSourceRoots().isEmpty()) {
            project.addCompileSourceRoot(project.getBuild().getSourceDirectory());
        }
        project.setExecutionRoot(project.getFile().equals(top()));
        return project;
    }

    /** Maven 3 has the problems in the message, Maven 4 only beside it. */
    private static String messageOf(ProjectBuildingException e) {
        String message = String.valueOf(e.getMessage());
        if (e.getResults() == null || message.lines().count() > 1) {
            return message;
        }
        return e.getResults().stream()
                .flatMap(result -> result.getProblems().stream())
                .map(problem -> problem.getMessage() + " @ " + ModelProblemUtils.formatLocation(problem, null))
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    private static String key(MavenProject project) {
        return project.getGroupId() + ":" + project.getArtifactId();
    }

    /** Returns Maven's session for repositories with these modules, without what it remembers of descriptors. */
    static RepositorySystemSession repositories(MavenSession session, List<MavenProject> modules) {
        RepositorySystemSession own = session.getRepositorySession();
        return new DefaultRepositorySystemSession(own)
                .setWorkspaceReader(new ReactorWorkspace(modules, own.getWorkspaceReader()))
                .setCache(new DefaultRepositoryCache());
    }
}
