package dev.supervisor.socket.proxy;

/** Why a connection of a proxy is closed. The text completes a sentence of which the connection is the subject. */
public enum Refusal {
    NO_HEADER("does not begin with a header of the PROXY protocol, as each one from there must"),
    MALFORMED("begins with a malformed header of the PROXY protocol"),
    TOO_LONG("begins with a header of the PROXY protocol of more than " + HeaderParser.LONGEST + " bytes"),
    CUT("has ended within its header of the PROXY protocol"),
    TOO_LATE("has sent no complete header of the PROXY protocol in time"),
    CROWDED("has waited longest for its header of the PROXY protocol, of too many that do");

    private final String text;

    Refusal(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
