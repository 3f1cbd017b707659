package dev.supervisor.socket;

/** The receiver of the connections of one listener in one generation. Methods may be called from any thread. */
public interface Server extends Receiver {

    ListeningSocket listener();

    /** Takes the listener back from the application. */
    void revoke();

    /** Whether the application is about to begin with connections that have arrived. */
    boolean willAdopt();
}
