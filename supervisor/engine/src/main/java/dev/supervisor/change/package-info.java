/**
 * Watches files for changes: of a build, and of sources.
 *
 * <p>Read {@link dev.supervisor.change.Watchers} first, which chooses a watcher; then {@link
 * dev.supervisor.change.EventWatcher}, {@link dev.supervisor.change.PollingWatcher}, {@code FallbackWatcher} and {@code
 * MountsWatcher}, which combines the two. {@code WatchTargets} says what is watched, {@code IgnoreFilter} what is
 * ignored.
 *
 * <p>Each watcher reports changes on a thread of its own. Depends on {@code dev.supervisor} and jgit's ignore rules;
 * must not know sockets or Netty.
 */
@NullMarked
package dev.supervisor.change;

import org.jspecify.annotations.NullMarked;
