package dev.supervisor.generation;

import dev.supervisor.lending.LendingProvider;
import dev.supervisor.lending.SelfTest;
import java.util.List;
import java.util.Optional;

/** Prepares the JVM for programs, which borrow sockets, when the first one is loaded. */
final class Lending {

    /** Sockets can be lent to the JDK's transports only. Netty, which may be shaded, chooses them then by itself. */
    private static final List<String> WITHOUT_NATIVE_TRANSPORTS =
            List.of("io.netty.transport.noNative", "io.grpc.netty.shaded.io.netty.transport.noNative");

    private Lending() {}

    /** Called before a program is loaded. */
    static void prepare() {
        WITHOUT_NATIVE_TRANSPORTS.stream()
                .filter(property -> System.getProperty(property) == null)
                .forEach(property -> System.setProperty(property, "true"));
    }

    private static final class Tried {
        private static final Optional<String> PROBLEM = LendingProvider.isInUse()
                ? SelfTest.problem()
                : Optional.of(
                        "start the JVM with -D" + LendingProvider.PROPERTY + "=" + LendingProvider.class.getName());

        private Tried() {}
    }

    /** Returns why sockets can't be lent on the running JDK, which is tried once; empty if they can. */
    static Optional<String> problem() {
        return Tried.PROBLEM;
    }
}
