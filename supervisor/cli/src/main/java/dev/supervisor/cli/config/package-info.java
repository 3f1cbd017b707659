/** Reads a configuration file as text with positions; what its keys mean is decided by the command. */
@NullMarked
package dev.supervisor.cli.config;

import org.jspecify.annotations.NullMarked;
