package dev.supervisor.maven;

import java.util.Optional;
import org.apache.maven.project.MavenProject;

/**
 * What is run.
 *
 * @param module the module that it is in
 * @param mainClass a class with a {@code main}; empty for an application of the SPI
 */
record Application(MavenProject module, Optional<String> mainClass) {}
