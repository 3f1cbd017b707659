package dev.supervisor;

import java.time.Instant;

/**
 * A build that has served, and of which the private copies are kept for {@link Supervisor#rollback}.
 *
 * @param generation the last one that has served it
 * @param build the file name of the application
 * @param since when that generation began to serve
 * @param live whether it serves still
 */
public record KeptBuild(int generation, String build, Instant since, boolean live) {}
