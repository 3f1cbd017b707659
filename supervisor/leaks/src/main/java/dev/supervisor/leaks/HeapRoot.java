package dev.supervisor.leaks;

/**
 * An object in a heap dump that is alive without a reference from another object.
 *
 * @param object the number of the object
 * @param thread the serial number of the thread that it belongs to, or 0
 * @param frame the depth of the frame in that thread's stack, or -1
 */
record HeapRoot(Kind kind, int object, int thread, int frame) {

    /** The kinds, in the order of how much they tell the author of an application, the most telling first. */
    enum Kind {
        THREAD,
        LOCAL_VARIABLE,
        CLASS,
        JNI_LOCAL,
        JNI_GLOBAL,
        NATIVE_STACK,
        OTHER,
        /**
         * An object that a thread has locked or waits for. Newer JVMs do not treat it as a root; the dump does not show
         * whether its JVM does.
         */
        MONITOR,
        /** An object that is alive without a reference to it in the dump. */
        HIDDEN
    }
}
