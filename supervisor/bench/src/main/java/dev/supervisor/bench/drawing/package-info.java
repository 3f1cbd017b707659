/** Drawings of figures, as SVG. */
@NullMarked
package dev.supervisor.bench.drawing;

import org.jspecify.annotations.NullMarked;
