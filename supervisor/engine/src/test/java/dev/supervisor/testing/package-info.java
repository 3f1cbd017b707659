/** What the real-socket tests are written with: builds of real applications, and clients that look at every byte. */
@NullMarked
package dev.supervisor.testing;

import org.jspecify.annotations.NullMarked;
