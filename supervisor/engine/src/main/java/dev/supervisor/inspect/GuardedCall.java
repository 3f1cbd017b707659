package dev.supervisor.inspect;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs code of the application when its generation ends, and logs exceptions, so that clearing goes on. */
public final class GuardedCall {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedCall.class);

    /** The code to run. */
    public interface Action {
        void run() throws Exception;
    }

    private GuardedCall() {}

    /** @param what a phrase for the log, as {@code deregister the JDBC driver com.acme.Driver} */
    public static void run(Owner owner, String what, Action action) {
        try {
            action.run();
        } catch (Throwable e) {
            LOG.warn("what {} has left can't be cleared: can't {}: {}", owner.name(), what, e.toString());
        }
    }
}
