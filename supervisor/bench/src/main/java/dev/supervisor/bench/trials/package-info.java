/** Measurements that benchmarks are made of. */
@NullMarked
package dev.supervisor.bench.trials;

import org.jspecify.annotations.NullMarked;
