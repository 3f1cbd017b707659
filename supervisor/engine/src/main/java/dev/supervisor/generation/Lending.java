package dev.supervisor.generation;

import dev.supervisor.lending.LendingProvider;
import dev.supervisor.lending.SelfTest;
import java.util.Optional;

/** Whether sockets can be lent on the running JDK, which is tried once, when the first program is loaded. */
final class Lending {

    private Lending() {}

    private static final class Tried {
        private static final Optional<String> PROBLEM = LendingProvider.isInUse()
                ? SelfTest.problem()
                : Optional.of(
                        "start the JVM with -D" + LendingProvider.PROPERTY + "=" + LendingProvider.class.getName());

        private Tried() {}
    }

    /** Returns why sockets can't be lent; empty if they can. */
    static Optional<String> problem() {
        return Tried.PROBLEM;
    }
}
