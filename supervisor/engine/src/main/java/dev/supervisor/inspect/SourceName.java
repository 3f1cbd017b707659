package dev.supervisor.inspect;

/** The name of a class in messages: as its author knows it. */
public final class SourceName {

    private static final String LAMBDA = "$$Lambda";

    private SourceName() {}

    /** Returns the name; a lambda is named after the class in which it is written. */
    public static String of(Class<?> type) {
        String className = type.getName();
        int lambda = className.indexOf(LAMBDA);
        return lambda < 0 ? className : className.substring(0, lambda);
    }
}
