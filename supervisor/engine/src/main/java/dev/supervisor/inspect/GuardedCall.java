package dev.supervisor.inspect;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs code of the application that is told that its time is over, such that the rest is cleared whatever it throws. */
public final class GuardedCall {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedCall.class);

    /** Such code. */
    public interface Action {
        void run() throws Exception;
    }

    private GuardedCall() {}

    /** @param what is done, as {@code deregister the JDBC driver com.acme.Driver} */
    public static void run(Owner owner, String what, Action action) {
        try {
            action.run();
        } catch (Throwable e) {
            LOG.warn("{} can't {}: {}", owner.name(), what, e.toString());
        }
    }
}
