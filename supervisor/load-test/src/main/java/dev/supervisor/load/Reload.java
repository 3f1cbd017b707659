package dev.supervisor.load;

/** Makes the target serve another build. Used by one thread. */
public interface Reload {

    /** Does the slow part of a reload in advance. */
    default void prepare(int number) {}

    /**
     * Makes the change.
     *
     * @param number the number of the reload, from 1
     * @throws LoadTestException if the change fails
     */
    void apply(int number) throws InterruptedException;

    /** Returns whether the prepared build is the first of a list again, so that versions may decrease. */
    default boolean beginsAnew() {
        return false;
    }
}
