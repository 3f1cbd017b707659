/** Benchmarks of parts of the supervisor, by JMH. */
@NullMarked
package dev.supervisor.bench.jmh;

import org.jspecify.annotations.NullMarked;
