package dev.supervisor.maven;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;

/** Finds what is needed to run tests besides their class path: as surefire does, of the versions that the project has. */
final class JUnitPlatform {

    private static final String PLATFORM = "org.junit.platform";
    private static final String ENGINE = "junit-platform-engine";
    private static final String LAUNCHER = "junit-platform-launcher";
    private static final String JUPITER = "org.junit.jupiter";
    private static final String JUPITER_API = "junit-jupiter-api";
    private static final String JUPITER_ENGINE = "junit-jupiter-engine";

    private final RepositorySystem repositories;
    private final RepositorySystemSession session;

    JUnitPlatform(RepositorySystem repositories, RepositorySystemSession session) {
        this.repositories = repositories;
        this.session = session;
    }

    /**
     * Returns the jars of the launcher, and of the engine of Jupiter if only its API is there, that are not on the class path.
     *
     * @param artifacts of the class path
     */
    List<Path> launcher(MavenProject project, Collection<Artifact> artifacts) throws MojoExecutionException {
        List<Path> jars = new ArrayList<>();
        Optional<String> platform = version(artifacts, PLATFORM, ENGINE);
        if (platform.isEmpty()) {
            String jupiter = version(artifacts, JUPITER, JUPITER_API)
                    .orElseThrow(() -> new MojoExecutionException(
                            "there is no JUnit Platform on their class path (JUnit 4 needs junit-vintage-engine)"));
            for (ArtifactResult found : resolve(project, JUPITER, JUPITER_ENGINE, jupiter)) {
                if (found.getArtifact().getArtifactId().equals(ENGINE)) {
                    platform = Optional.of(found.getArtifact().getVersion());
                }
                add(found, artifacts, jars);
            }
        }
        if (platform.isPresent() && version(artifacts, PLATFORM, LAUNCHER).isEmpty()) {
            for (ArtifactResult found : resolve(project, PLATFORM, LAUNCHER, platform.get())) {
                add(found, artifacts, jars);
            }
        }
        return jars;
    }

    private static void add(ArtifactResult found, Collection<Artifact> artifacts, List<Path> jars) {
        boolean isThere = version(
                        artifacts,
                        found.getArtifact().getGroupId(),
                        found.getArtifact().getArtifactId())
                .isPresent();
        File file = found.getArtifact().getFile();
        if (!isThere && file != null && !jars.contains(file.toPath().toAbsolutePath())) {
            jars.add(file.toPath().toAbsolutePath());
        }
    }

    private static Optional<String> version(Collection<Artifact> artifacts, String group, String name) {
        return artifacts.stream()
                .filter(artifact -> artifact.getGroupId().equals(group)
                        && artifact.getArtifactId().equals(name))
                .map(Artifact::getVersion)
                .findFirst();
    }

    private List<ArtifactResult> resolve(MavenProject project, String group, String name, String version)
            throws MojoExecutionException {
        CollectRequest collect = new CollectRequest();
        collect.addDependency(new Dependency(new DefaultArtifact(group, name, "jar", version), Artifact.SCOPE_RUNTIME));
        collect.setRepositories(project.getRemoteProjectRepositories());
        try {
            return repositories
                    .resolveDependencies(session, new DependencyRequest(collect, null))
                    .getArtifactResults();
        } catch (DependencyResolutionException e) {
            throw new MojoExecutionException("can't get " + group + ":" + name + ": " + e.getMessage(), e);
        }
    }
}
