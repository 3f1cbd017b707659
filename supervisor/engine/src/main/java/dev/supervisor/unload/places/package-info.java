/** Places that all generations of a JVM share, and from which an ended generation's objects are removed. */
@NullMarked
package dev.supervisor.unload.places;

import org.jspecify.annotations.NullMarked;
