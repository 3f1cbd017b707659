/**
 * The goal {@code supervisor:run}: starts the supervisor as a process of its own, tells it by a file what Maven knows of the
 * project, and builds in this warm Maven what the supervisor's compiler can't.
 *
 * <p>{@link dev.supervisor.maven.RunMojo} has the parameters. {@link dev.supervisor.maven.Reactor} is the project as Maven
 * reads it, and {@link dev.supervisor.maven.ProjectModel} makes the supervisor's description of it.
 */
@NullMarked
package dev.supervisor.maven;

import org.jspecify.annotations.NullMarked;
