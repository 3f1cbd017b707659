/** Swaps: deciding about them, making generations, which backend is live, and the end of former generations. */
@NullMarked
package dev.supervisor.swap;

import org.jspecify.annotations.NullMarked;
