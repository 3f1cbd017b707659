package dev.supervisor;

import dev.supervisor.testing.SameOnEveryJdk;

/** Programs to which connections are relayed: the same promises as for those to which sockets are lent. */
@SameOnEveryJdk
final class RelayedProgramIT extends ProgramIT {

    @Override
    boolean relays() {
        return true;
    }
}
