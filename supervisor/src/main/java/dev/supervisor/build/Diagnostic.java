package dev.supervisor.build;

import java.nio.file.Path;

/**
 * A place in a source file that a compiler complains about.
 *
 * @param file as it was named, absolute
 * @param line from 1
 * @param column from 1; 0 if it is not told
 * @param message one line, or several
 */
public record Diagnostic(Path file, int line, int column, String message) {}
