package dev.supervisor.socket;

import java.util.function.BooleanSupplier;

/**
 * Lets no new request reach a build whose sources had changed before the request was sent. The kernel queues the event of a
 * change before the call that makes the change returns, but the event takes a moment to be seen.
 */
public interface ChangeBarrier {

    /** Where nothing is certain, or needs to be. */
    ChangeBarrier NONE = holds -> {};

    /**
     * Waits until all changes that were made before this call have had their effect. Called by the thread that has read a
     * request, before it looks at the effect.
     *
     * @param holds whether new work waits already
     */
    void pass(BooleanSupplier holds);
}
