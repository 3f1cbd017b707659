package dev.supervisor.leaks;

/**
 * An object in a heap dump that is alive by itself.
 *
 * @param object its number
 * @param thread the serial number of the thread that it belongs to, or 0
 * @param frame the depth of the frame in that thread's stack, or -1
 */
record HeapRoot(Kind kind, int object, int thread, int frame) {

    /** Ordered by how much a kind tells, the most telling first. */
    enum Kind {
        THREAD,
        LOCAL_VARIABLE,
        CLASS,
        JNI_LOCAL,
        JNI_GLOBAL,
        NATIVE_STACK,
        OTHER,
        /** Not a root in newer JVMs, which a dump does not show. */
        MONITOR,
        /** An object that is alive without a reference to it in the dump. */
        HIDDEN
    }
}
