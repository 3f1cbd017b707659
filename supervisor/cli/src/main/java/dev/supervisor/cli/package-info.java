/** The command line: options, the transcript, signals and exit codes. */
@NullMarked
package dev.supervisor.cli;

import org.jspecify.annotations.NullMarked;
