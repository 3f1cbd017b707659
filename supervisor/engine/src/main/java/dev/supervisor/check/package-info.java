/**
 * Asks a generation that has started, before clients do: {@link dev.supervisor.check.GenerationChecks} by requests that it has to
 * answer well, and {@link dev.supervisor.check.WarmUp} by many, so that its code is compiled. Both have real connections to its
 * servers, which no gate knows and no client's counter counts.
 */
@NullMarked
package dev.supervisor.check;

import org.jspecify.annotations.NullMarked;
