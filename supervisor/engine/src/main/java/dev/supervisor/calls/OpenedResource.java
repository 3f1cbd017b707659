package dev.supervisor.calls;

/**
 * Something that an application has opened and that nothing but its {@code close()} gives back: a port, a descriptor, or
 * an entry in a table of the JVM.
 */
interface OpenedResource {

    boolean isOpen();

    void close() throws Exception;

    /** What is said if the application has not closed it. */
    String description();

    /** Whether it need not be remembered any longer. Asked while the application runs, so it must not change anything. */
    default boolean isDone() {
        return !isOpen();
    }
}
