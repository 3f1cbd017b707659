/**
 * Makes the archive of the supervisor's classes for the JVM that runs it (CDS: class data sharing), with which it starts in half
 * the time.
 */
@NullMarked
package dev.supervisor.cli.archive;

import org.jspecify.annotations.NullMarked;
