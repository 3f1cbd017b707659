package dev.supervisor.inspect;

/** How messages name a class: as its author knows it. */
public final class SourceName {

    private static final String LAMBDA = "$$Lambda";

    private SourceName() {}

    /** A lambda is named after the class that it is written in. */
    public static String of(Class<?> type) {
        String className = type.getName();
        int lambda = className.indexOf(LAMBDA);
        return lambda < 0 ? className : className.substring(0, lambda);
    }
}
