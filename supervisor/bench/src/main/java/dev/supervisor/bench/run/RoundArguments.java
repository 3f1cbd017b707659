package dev.supervisor.bench.run;

import picocli.CommandLine.Parameters;

/** How often and for how long servers are asked, in turns. */
final class RoundArguments {

    @Parameters(
            arity = "0..1",
            index = "0",
            defaultValue = "9",
            paramLabel = "ROUNDS",
            description = "How many; by default 9.")
    private int rounds;

    @Parameters(
            arity = "0..1",
            index = "1",
            defaultValue = "4",
            paramLabel = "SECONDS",
            description = "How long each server is asked in each round; by default 4.")
    private int seconds;

    SteadyStateRounds rounds() {
        return new SteadyStateRounds(rounds, seconds);
    }
}
