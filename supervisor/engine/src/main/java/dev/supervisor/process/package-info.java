/** How other programs are started. */
@NullMarked
package dev.supervisor.process;

import org.jspecify.annotations.NullMarked;
