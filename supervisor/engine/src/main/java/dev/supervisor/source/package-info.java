/**
 * The application's sources: finding them, and showing lines of them.
 *
 * <p>{@link dev.supervisor.source.SourceFiles} adds the lines around a place to a problem, on the build thread. An
 * excerpt is made only of a file below the project or a watched root, and only of a text of the usual size: the
 * failure page shows no other file of the machine, whatever a compiler names.
 */
@NullMarked
package dev.supervisor.source;

import org.jspecify.annotations.NullMarked;
