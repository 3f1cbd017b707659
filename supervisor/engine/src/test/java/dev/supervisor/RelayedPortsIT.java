package dev.supervisor;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.SameOnEveryJdk;
import org.junit.jupiter.api.Disabled;

/** Ports that a program binds besides the socket of the supervisor, if connections are relayed to it. */
@SameOnEveryJdk
final class RelayedPortsIT extends AdoptedPortsIT {

    @Override
    boolean relays() {
        return true;
    }

    @Override
    @Disabled(
            "a server to which connections are relayed is ready when it has bound its port, and main fails after that")
    void aPortMayBeBoundOnAnotherAddress(Swap swap) {}
}
