/** From a build on disk to a running application in a module of its own, and to its end. */
@NullMarked
package dev.supervisor.generation;

import org.jspecify.annotations.NullMarked;
