/** The supervisor and what embeds it: {@link dev.supervisor.Supervisor} is the entry point. */
@NullMarked
package dev.supervisor;

import org.jspecify.annotations.NullMarked;
