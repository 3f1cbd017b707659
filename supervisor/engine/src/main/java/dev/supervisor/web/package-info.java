/** HTTP servers of the supervisor's own: what they share, and the server that has pages in browsers refresh themselves. */
@NullMarked
package dev.supervisor.web;

import org.jspecify.annotations.NullMarked;
