package dev.supervisor.load;

/** Brings about that the target serves another build. Used by one thread. */
public interface Reload {

    /** Does what can be done in advance, and takes time. */
    default void prepare(int number) {}

    /**
     * Makes the change.
     *
     * @param number 1 for the first
     * @throws LoadTestException if that fails
     */
    void apply(int number) throws InterruptedException;

    /** Whether the build that is prepared comes from the beginning of a list again, so that versions may go back. */
    default boolean beginsAnew() {
        return false;
    }
}
