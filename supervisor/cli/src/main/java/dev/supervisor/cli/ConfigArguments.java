package dev.supervisor.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the configuration file. */
@OfProcess
final class ConfigArguments {

    static final String NAME = "--config";

    @Option(
            names = NAME,
            paramLabel = "FILE",
            description = "Run the applications that a file in YAML names, each with options of its own, in this one"
                    + " process. What an option can say, the file can say: 'supervisor config --help'.")
    private @Nullable Path file;

    Optional<Path> file() {
        return Optional.ofNullable(file);
    }
}
