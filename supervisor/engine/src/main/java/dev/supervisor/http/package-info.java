/** What the supervisor's own HTTP servers have in common: whom they trust, and what they refuse. */
@NullMarked
package dev.supervisor.http;

import org.jspecify.annotations.NullMarked;
