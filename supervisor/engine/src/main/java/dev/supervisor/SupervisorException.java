package dev.supervisor;

import java.util.function.Function;

/** A failure that the user can mend. The message says what failed, on which value, and what to do. */
public final class SupervisorException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String marked;

    /** @param message names options by their {@linkplain OptionKey marks} */
    public SupervisorException(String message) {
        super(OptionKey.render(message, OptionKey::key));
        this.marked = message;
    }

    /** @param message names options by their {@linkplain OptionKey marks} */
    public SupervisorException(String message, Throwable cause) {
        super(OptionKey.render(message, OptionKey::key), cause);
        this.marked = message;
    }

    /** Returns the message with options as the user knows them; {@link #getMessage} names them by their keys. */
    public String message(Function<OptionKey, String> names) {
        return OptionKey.render(marked, names);
    }
}
