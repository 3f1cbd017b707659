/** The measurements of which benchmarks consist. */
@NullMarked
package dev.supervisor.bench.trials;

import org.jspecify.annotations.NullMarked;
