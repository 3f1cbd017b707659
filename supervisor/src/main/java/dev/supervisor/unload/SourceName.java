package dev.supervisor.unload;

/** How messages name a class: as its author knows it. */
final class SourceName {

    private static final String LAMBDA = "$$Lambda";

    private SourceName() {}

    /** A lambda is named after the class that it is written in. */
    static String of(Class<?> type) {
        return of(type.getName());
    }

    /** Of the first class of the generation's own that the object leads to. */
    static String behind(Owner owner, Object object) {
        return of(owner.ownClassBehind(object));
    }

    private static String of(String className) {
        int lambda = className.indexOf(LAMBDA);
        return lambda < 0 ? className : className.substring(0, lambda);
    }
}
