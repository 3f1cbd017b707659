package dev.supervisor.compile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A project that a plugin of a build tool describes in a file. */
public final class ProjectOfTool implements ProjectSource {

    private final ProjectFile file;
    private final Delegate delegate;
    private FileTree descriptors = new FileTree(List.of(), path -> true);
    private Map<Path, String> known = Map.of();

    public ProjectOfTool(ProjectFile file, Delegate delegate) {
        this.file = file;
        this.delegate = delegate;
    }

    @Override
    public Project read() throws IOException {
        Project project = file.read();
        descriptors = new FileTree(project.descriptors(), path -> true);
        known = descriptors.hashes();
        return project;
    }

    /** Returns false from then on, until something changes again. */
    @Override
    public boolean isOutdated() throws IOException {
        Map<Path, String> now = descriptors.hashes();
        boolean outdated = !now.equals(known);
        known = now;
        return outdated;
    }

    @Override
    public Delegate delegate() {
        return delegate;
    }
}
