package dev.supervisor.admin;

/** Who is told of the status. */
public enum Viewer {
    /** A person or a program of this machine, who sees why a build does not serve. */
    LOCAL,
    /** Somebody else, who sees that it does not. */
    REMOTE
}
