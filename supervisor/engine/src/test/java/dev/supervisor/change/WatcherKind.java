package dev.supervisor.change;

import dev.supervisor.Watcher;
import java.time.Duration;

/** Of those that the tests of watching are run with. */
enum WatcherKind {
    EVENTS {
        @Override
        Watcher create(Watcher.Observer observer, IgnoreFilter ignored) {
            return new EventWatcher(
                    observer,
                    ignored,
                    refusal -> {
                        throw new AssertionError(refusal);
                    },
                    THREAD);
        }
    },
    POLLING {
        @Override
        Watcher create(Watcher.Observer observer, IgnoreFilter ignored) {
            return new PollingWatcher(observer, ignored, Duration.ofMillis(5), THREAD);
        }
    };

    static final String THREAD = "watcher-under-test";

    abstract Watcher create(Watcher.Observer observer, IgnoreFilter ignored);
}
