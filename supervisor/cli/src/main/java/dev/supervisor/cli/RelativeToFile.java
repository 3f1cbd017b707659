package dev.supervisor.cli;

import java.nio.file.Path;

/** A converter of values that may contain a relative path, which in a configuration file is relative to that. */
interface RelativeToFile {

    /**
     * Returns the value with a path that is no longer relative to the directory.
     *
     * @throws picocli.CommandLine.TypeConversionException if the value makes no sense
     */
    String resolve(String value, Path directory);
}
