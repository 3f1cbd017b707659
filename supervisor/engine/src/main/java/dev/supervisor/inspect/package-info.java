/** Looking into the JVM: private fields of the JDK and of Netty, threads, and what an object leads to. */
@NullMarked
package dev.supervisor.inspect;

import org.jspecify.annotations.NullMarked;
