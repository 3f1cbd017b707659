/** Writes the figures in the documentation, from the files of results. */
@NullMarked
package dev.supervisor.bench.documents;

import org.jspecify.annotations.NullMarked;
