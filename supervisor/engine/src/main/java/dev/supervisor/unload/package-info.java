/**
 * The proof that nothing is left of a generation, or the name of what holds it: cleans the places that all of the JVM
 * shares, and watches until the class loader has been collected.
 */
@NullMarked
package dev.supervisor.unload;

import org.jspecify.annotations.NullMarked;
