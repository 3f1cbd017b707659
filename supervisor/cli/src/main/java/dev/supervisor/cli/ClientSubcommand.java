package dev.supervisor.cli;

import dev.supervisor.client.ClientCommand;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * A command that asks a running supervisor. Mostly, the start script runs {@link ClientCommand} by itself, which takes a fraction of
 * the time; this is what remains: {@code --help}, and starts by {@code java -jar}.
 */
@SuppressWarnings("UnusedVariable") // what picocli has checked is read again by ClientCommand
abstract class ClientSubcommand implements Callable<Integer> {

    static final String EXIT_CODES = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no supervisor runs, 4 it can't be"
            + " told (no permission, or no answer in time).";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "N",
            description =
                    "The supervisor that listens on this port. Default: the only supervisor of this user that runs.")
    private @Nullable Integer port;

    @Option(names = "--pid", paramLabel = "N", description = "The supervisor whose process has this id.")
    private @Nullable Long pid;

    @ParentCommand
    private @Nullable CommandWords parent;

    @Override
    public Integer call() {
        CommandWords words = Objects.requireNonNull(parent);
        return ClientCommand.run(words.words(), words.environment(), System.out, System.err);
    }
}
