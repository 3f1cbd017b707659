/** The benchmarks, each a command. */
@NullMarked
package dev.supervisor.bench.run;

import org.jspecify.annotations.NullMarked;
