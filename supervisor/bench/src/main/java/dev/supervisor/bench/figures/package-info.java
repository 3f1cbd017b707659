/** What benchmarks have measured: records, which are written to the directory {@code results} and read from it. */
@NullMarked
package dev.supervisor.bench.figures;

import org.jspecify.annotations.NullMarked;
