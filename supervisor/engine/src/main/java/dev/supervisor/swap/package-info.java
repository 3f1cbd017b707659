/**
 * Swaps: the decisions about them, the making of generations, the live backend, and the end of former generations.
 *
 * <p>{@link dev.supervisor.swap.SwapState} decides and {@link dev.supervisor.swap.SwapActions} has
 * {@link dev.supervisor.swap.SwapLoop} perform. An action that fails prevents no other: {@code SwapState.again}
 * returns the actions that make the state true again, which are performed a second later, until they succeed.
 *
 * <p><b>Retries.</b> A build may come up without a change, so some failures are tried again:
 *
 * <ul>
 *   <li>a lack of the machine (descriptors, space on a disk): after a second, and then every second, quietly
 *   <li>a start that failed beside a former generation, which may have held a lock: once, when that has ended
 *   <li>a start that lacks a class of a directory is <em>not ready</em>, since a compile is probably under way: the
 *       next change is awaited, for 10 seconds after the last one
 * </ul>
 *
 * <p><b>Changes are never lost.</b> After each turn the watcher gets all paths that mattered for the build, also the
 * names in a {@code Class-Path} that lead nowhere. A path that differs from its copy by then counts as a change.
 *
 * <p><b>The failure page</b> becomes live before the generation that failed to start is ended. It needs no new
 * descriptor, thread or class for that. TCP listeners hold on, up to the hold timeout.
 * {@link dev.supervisor.swap.HoldTimeoutPage} answers HTTP connections that have waited at a gate for that long, with
 * 503; the connection stays, and moves to the live backend later. A TCP connection is closed. A connection that can't
 * be given to the page, for want of descriptors for example, waits on and is tried again.
 *
 * <p><b>Builds that outdate themselves.</b> A build that writes into its own sources calls for the next one, and so
 * does an application that writes there when it starts. After five times in a row
 * {@link dev.supervisor.swap.RebuildLoopDetector} names the file.
 *
 * <p><b>Former generations.</b> {@link dev.supervisor.swap.DrainThreads} waits for their connections: quietly for a
 * second, then it reports how many are left. {@link dev.supervisor.swap.GenerationEnd} ends the generation, on the
 * same thread. {@link dev.supervisor.swap.GenerationRegistry} bounds the generations that start, serve and drain. At
 * the bound, the drain of the oldest is cut short once it has had 3 s, so that a burst of swaps still answers requests
 * under way. A generation that has ended does not count, whatever keeps it: it costs memory only, and the next build
 * may be the one that mends it. Threads that can't be ended are reported at once, with the memory of all
 * generations that have some ({@code Event.RunsOn}).
 */
@NullMarked
package dev.supervisor.swap;

import org.jspecify.annotations.NullMarked;
