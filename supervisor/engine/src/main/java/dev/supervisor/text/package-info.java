/** Text that programs have written for terminals. */
@NullMarked
package dev.supervisor.text;

import org.jspecify.annotations.NullMarked;
