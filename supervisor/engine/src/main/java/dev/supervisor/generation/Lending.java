package dev.supervisor.generation;

import dev.supervisor.lending.LendingProvider;
import dev.supervisor.lending.SelfTest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether sockets can be lent to programs on the running JVM. This is tried when the first program is started. */
final class Lending {

    private static final Logger LOG = LoggerFactory.getLogger(Lending.class);

    private Lending() {}

    private static final class Tried {
        private static final boolean WORKS = problem()
                .map(problem -> {
                    LOG.warn(
                            "no sockets can be lent to programs on this JVM, so connections are relayed to them: {}",
                            problem);
                    return false;
                })
                .orElse(true);

        private Tried() {}

        private static Optional<String> problem() {
            return LendingProvider.isInUse()
                    ? SelfTest.problem()
                    : Optional.of("it was started without -D" + LendingProvider.PROPERTY + "="
                            + LendingProvider.class.getName());
        }
    }

    static boolean works() {
        return Tried.WORKS;
    }
}
