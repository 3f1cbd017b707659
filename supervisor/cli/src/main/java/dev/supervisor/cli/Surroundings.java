package dev.supervisor.cli;

import dev.supervisor.InheritedSocket;
import dev.supervisor.OptionKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What options of an application depend on besides their values.
 *
 * @param directory builds run there, and sources are looked for there if none are named; relative to the working directory,
 *     or absolute
 * @param arguments for the application
 * @param passed sockets that another process has passed for the application
 * @param formerGeneration the number of the last generation of the supervisor that this one takes over from; empty if it takes
 *     over from none
 * @param name of the application; empty for that of its build
 * @param optionNames the names of options in messages
 */
record Surroundings(
        Path directory,
        List<String> arguments,
        List<InheritedSocket> passed,
        OptionalInt formerGeneration,
        Optional<String> name,
        Function<OptionKey, String> optionNames) {

    static final Path WORKING_DIRECTORY = Path.of("");

    Surroundings {
        arguments = List.copyOf(arguments);
        passed = List.copyOf(passed);
    }
}
