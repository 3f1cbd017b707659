/** What HTTP clients see while there is no application to answer them. */
@NullMarked
package dev.supervisor.failure;

import org.jspecify.annotations.NullMarked;
