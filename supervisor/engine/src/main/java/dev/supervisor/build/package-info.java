/** The build of the application by the user's own tool: runs it, and understands what it says when it fails. */
@NullMarked
package dev.supervisor.build;

import org.jspecify.annotations.NullMarked;
