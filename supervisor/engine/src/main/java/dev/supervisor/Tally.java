package dev.supervisor;

/** How many connections a listener has accepted since it was bound; at any time {@code accepted = open + ended}. */
public record Tally(long accepted, long open, long ended) {}
