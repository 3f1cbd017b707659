/** The application's sources: finding them, and showing lines of them. */
@NullMarked
package dev.supervisor.source;

import org.jspecify.annotations.NullMarked;
