/**
 * Watches files for changes: of a build, and of sources.
 *
 * <p>Read {@link dev.supervisor.change.Watchers} first, which chooses a watcher; then {@link
 * dev.supervisor.change.EventWatcher} and {@link dev.supervisor.change.PollingWatcher}; then {@code FallbackWatcher}
 * and {@code MountsWatcher}, which combine the two. {@code WatchTargets} tells which files are watched, {@code
 * IgnoreFilter} which of them are ignored.
 *
 * <p>Each watcher reports changes on a thread of its own. Depends on {@code dev.supervisor} and jgit's ignore rules;
 * must not know sockets or Netty.
 */
@NullMarked
package dev.supervisor.change;

import org.jspecify.annotations.NullMarked;
