package dev.supervisor.cli.control;

import dev.supervisor.Supervisor;

/**
 * One of the applications of this process.
 *
 * @param name by which people know it
 */
public record SteeredApplication(String name, Supervisor supervisor) {}
