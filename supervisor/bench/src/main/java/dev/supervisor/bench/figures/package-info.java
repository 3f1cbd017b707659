/** The results of benchmarks: records that are written to the directory {@code results} and read from it. */
@NullMarked
package dev.supervisor.bench.figures;

import org.jspecify.annotations.NullMarked;
