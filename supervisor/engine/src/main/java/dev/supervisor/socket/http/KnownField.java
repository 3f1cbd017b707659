package dev.supervisor.socket.http;

/** The header fields that say how long a message is, and what follows it. */
enum KnownField {
    CONTENT_LENGTH("content-length"),
    TRANSFER_ENCODING("transfer-encoding"),
    CONNECTION("connection"),
    EXPECT("expect"),
    /** Every other field. */
    OTHER("");

    /** Where the names of CONNECTION and CONTENT_LENGTH part. */
    private static final int AFTER_CON = 3;

    private final String name;

    KnownField(String name) {
        this.name = name;
    }

    /** Returns the field whose name may begin with this byte. */
    static KnownField beginningWith(byte first) {
        return switch (first | 0x20) {
            case 'c' -> CONTENT_LENGTH;
            case 't' -> TRANSFER_ENCODING;
            case 'e' -> EXPECT;
            default -> OTHER;
        };
    }

    /**
     * Returns the field whose name may go on so.
     *
     * @param at how many bytes of the name have come before
     * @param next a byte of a token, in either case
     */
    KnownField next(int at, byte next) {
        int lower = next | 0x20;
        if (at < name.length() && name.charAt(at) == lower) {
            return this;
        }
        return this == CONTENT_LENGTH && at == AFTER_CON && lower == 'n' ? CONNECTION : OTHER;
    }

    boolean isWhole(int length) {
        return length == name.length();
    }
}
