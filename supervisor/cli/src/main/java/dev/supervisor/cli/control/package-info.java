/**
 * The control socket: HTTP/1.1 and JSON on a Unix socket, by which this process is asked how it is, and told what to do.
 * Only processes of the same user, or of root, get an answer.
 *
 * <p>{@link dev.supervisor.cli.control.ControlServer} has an event loop of its own, which runs no code of an application.
 * What may take a while, such as a dump of an application's threads, is done by threads besides.
 */
@NullMarked
package dev.supervisor.cli.control;

import org.jspecify.annotations.NullMarked;
