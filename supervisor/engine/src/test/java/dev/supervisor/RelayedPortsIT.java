package dev.supervisor;

import dev.supervisor.testing.SameOnEveryJdk;

/** Ports that a program binds besides the socket of the supervisor, if connections are relayed to it. */
@SameOnEveryJdk
final class RelayedPortsIT extends AdoptedPortsIT {

    @Override
    boolean relays() {
        return true;
    }
}
