/** Files and directories that outlive a process. */
@NullMarked
package dev.supervisor.files;

import org.jspecify.annotations.NullMarked;
