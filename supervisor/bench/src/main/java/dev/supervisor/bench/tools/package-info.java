/** Tools of all benchmarks: programs that they start, ports, waiting, and the project's files. */
@NullMarked
package dev.supervisor.bench.tools;

import org.jspecify.annotations.NullMarked;
