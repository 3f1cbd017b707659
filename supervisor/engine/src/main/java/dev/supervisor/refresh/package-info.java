/** Has pages in browsers refresh themselves after a swap. */
@NullMarked
package dev.supervisor.refresh;

import org.jspecify.annotations.NullMarked;
