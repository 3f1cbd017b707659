package dev.supervisor.socket;

/**
 * Decides where a connection goes that is new, or was let go by a generation. Pure: {@link Gate} carries it out.
 *
 * <pre>
 *            open               hold
 *   Holding ──────▶ Open ──────────────▶ Holding
 *      │              │
 *      └──── close ───┴──▶ Closed
 * </pre>
 */
sealed interface GateState {

    /** What to do with a connection. */
    enum Decision {
        QUEUE,
        PASS,
        DROP
    }

    Decision decision();

    /** Connections wait in a queue, which has {@code waiting} now and room for {@code limit}. */
    record Holding(int waiting, int limit) implements GateState {

        @Override
        public Decision decision() {
            return Decision.QUEUE;
        }

        /** Whether more should be accepted; if not, the kernel's backlog takes them. */
        boolean hasRoom() {
            return waiting < limit;
        }

        Holding with(int nowWaiting) {
            return new Holding(nowWaiting, limit);
        }
    }

    /** Connections go to a generation's server channel at once. */
    record Open(Receiver receiver) implements GateState {
        @Override
        public Decision decision() {
            return Decision.PASS;
        }
    }

    /** The supervisor is stopping, so connections are closed. */
    record Closed() implements GateState {
        @Override
        public Decision decision() {
            return Decision.DROP;
        }
    }
}
