/**
 * Starts and ends other programs.
 *
 * <p>Read {@link dev.supervisor.process.ProcessGroup} first, then {@link dev.supervisor.process.CommandWords}, which
 * makes command lines, and {@link dev.supervisor.process.Orphans}, for a supervisor that runs as process 1. {@link
 * dev.supervisor.process.SupervisorThreads} makes threads of the supervisor's own.
 *
 * <p>Everything is thread-safe. Depends on the JDK only.
 */
@NullMarked
package dev.supervisor.process;

import org.jspecify.annotations.NullMarked;
