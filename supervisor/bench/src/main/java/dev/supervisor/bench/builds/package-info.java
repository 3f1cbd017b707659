/** Applications that benchmarks compile, and their builds, which replace each other. */
@NullMarked
package dev.supervisor.bench.builds;

import org.jspecify.annotations.NullMarked;
