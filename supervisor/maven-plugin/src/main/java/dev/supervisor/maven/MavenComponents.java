package dev.supervisor.maven;

import org.apache.maven.lifecycle.LifecycleExecutor;
import org.apache.maven.plugin.BuildPluginManager;
import org.apache.maven.project.ProjectBuilder;
import org.apache.maven.project.ProjectDependenciesResolver;
import org.eclipse.aether.RepositorySystem;

/** The parts of Maven that the goal uses. */
record MavenComponents(
        ProjectBuilder projects,
        ProjectDependenciesResolver dependencies,
        RepositorySystem repositories,
        LifecycleExecutor lifecycle,
        BuildPluginManager plugins) {}
