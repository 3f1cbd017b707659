package dev.supervisor.demo;

/** {@code GET /boom}: fails, as every application does one day. Look at the log, and at the connection: it goes on. */
final class Boom implements Answer {

    @Override
    public void begin(Exchange exchange) {
        throw new IllegalStateException("/boom was asked for");
    }
}
