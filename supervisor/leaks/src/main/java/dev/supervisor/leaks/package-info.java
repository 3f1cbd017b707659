/**
 * The search of a heap dump for what keeps the class loader of an ended generation alive. {@link
 * dev.supervisor.leaks.LeakSearch} is a program: the engine runs it in a process of its own.
 */
@NullMarked
package dev.supervisor.leaks;

import org.jspecify.annotations.NullMarked;
