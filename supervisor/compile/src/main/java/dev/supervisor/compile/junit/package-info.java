/** Drives JUnit, from within the class loader of the tests. */
@NullMarked
package dev.supervisor.compile.junit;

import org.jspecify.annotations.NullMarked;
