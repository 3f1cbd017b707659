package dev.supervisor.calls;

/**
 * A resource that an application has opened and that only its {@code close()} frees: a port, a descriptor, or an entry
 * in a table of the JVM.
 */
interface OpenedResource {

    boolean isOpen();

    void close() throws Exception;

    /** Returns the message for a resource that the application has not closed. */
    String description();

    /**
     * Returns whether the resource can be forgotten. Called while the application runs, so it must not change anything.
     */
    default boolean isDone() {
        return !isOpen();
    }
}
