package dev.supervisor.maven;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.maven.model.Model;
import org.apache.maven.project.MavenProject;
import org.apache.maven.repository.internal.MavenWorkspaceReader;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.repository.WorkspaceReader;
import org.eclipse.aether.repository.WorkspaceRepository;
import org.jspecify.annotations.Nullable;

/**
 * Resolves modules to their directories of classes. Maven's own reader does so only for modules that it has compiled in this
 * session, and knows no module that was added since.
 */
final class ReactorWorkspace implements MavenWorkspaceReader {

    private static final String TESTS = "tests";

    private final List<MavenProject> projects;
    private final @Nullable WorkspaceReader others;
    private final WorkspaceRepository repository = new WorkspaceRepository("supervisor");

    /** @param others asked for all that is no module */
    ReactorWorkspace(List<MavenProject> projects, @Nullable WorkspaceReader others) {
        this.projects = List.copyOf(projects);
        this.others = others;
    }

    @Override
    public WorkspaceRepository getRepository() {
        return repository;
    }

    @Override
    public @Nullable File findArtifact(Artifact artifact) {
        Optional<MavenProject> project = find(artifact);
        if (project.isPresent() && artifact.getExtension().equals("pom")) {
            return project.get().getFile();
        }
        if (project.isPresent() && artifact.getClassifier().isEmpty()) {
            return new File(project.get().getBuild().getOutputDirectory());
        }
        if (project.isPresent() && artifact.getClassifier().equals(TESTS)) {
            return new File(project.get().getBuild().getTestOutputDirectory());
        }
        return others == null ? null : others.findArtifact(artifact);
    }

    @Override
    public List<String> findVersions(Artifact artifact) {
        List<String> versions = new ArrayList<>(others == null ? List.of() : others.findVersions(artifact));
        for (MavenProject project : projects) {
            if (isOf(project, artifact) && !versions.contains(project.getVersion())) {
                versions.add(project.getVersion());
            }
        }
        return versions;
    }

    @Override
    public @Nullable Model findModel(Artifact artifact) {
        return find(artifact)
                .map(MavenProject::getModel)
                .orElseGet(() -> others instanceof MavenWorkspaceReader maven ? maven.findModel(artifact) : null);
    }

    private Optional<MavenProject> find(Artifact artifact) {
        return projects.stream()
                .filter(project ->
                        isOf(project, artifact) && project.getVersion().equals(artifact.getVersion()))
                .findFirst();
    }

    private static boolean isOf(MavenProject project, Artifact artifact) {
        return project.getGroupId().equals(artifact.getGroupId())
                && project.getArtifactId().equals(artifact.getArtifactId());
    }
}
