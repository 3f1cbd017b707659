/**
 * Builds the application by the user's own build tool, and reads the errors in its output.
 *
 * <p>Read {@link dev.supervisor.build.CommandBuilder} first, which decides when to build; then {@code BuildProcess},
 * which runs the command; then {@link dev.supervisor.build.Diagnostics}, which finds errors in the {@code BuildOutput}.
 *
 * <p>Builds run on the caller's thread, and a thread for each build reads its output. Depends on {@code process} and
 * {@code text}; must not know sockets, watchers or generations.
 */
@NullMarked
package dev.supervisor.build;

import org.jspecify.annotations.NullMarked;
