package dev.supervisor;

/** The effect of a change of a source on a build that is running. */
public enum OnBusy {
    /** The build is ended, and begins again. */
    RESTART,
    /** The build goes on, and another one follows. */
    QUEUE
}
