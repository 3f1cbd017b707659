package dev.supervisor.lending;

import java.io.Closeable;

/** The channel by which an application has a connection, as the lender sees it. Methods may be called from any thread. */
public interface Borrowed extends Closeable {

    /** Tells threads that wait, and selectors, that {@link Traffic#readable} has changed. */
    void readableChanged();
}
