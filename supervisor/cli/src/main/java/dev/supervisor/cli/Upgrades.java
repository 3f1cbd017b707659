package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.cli.upgrade.Succession;
import dev.supervisor.process.SupervisorThreads;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Upgrades of this process, which a signal or another process asks for. Thread-safe. */
final class Upgrades implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Upgrades.class);

    private final Succession succession;
    private final Optional<String> refusal;
    private final List<String> commandLine;
    private final Transcript transcript;
    private final LongConsumer replaced;
    private final Runnable end;

    /**
     * @param refusal why there is no upgrade; empty if there may be one
     * @param commandLine of this process, after the program
     * @param replaced called with the id of the process that serves in place of this one
     * @param end ends this process; called after an upgrade
     */
    Upgrades(
            Succession succession,
            Optional<String> refusal,
            List<String> commandLine,
            Transcript transcript,
            LongConsumer replaced,
            Runnable end) {
        this.succession = succession;
        this.refusal = refusal;
        this.commandLine = List.copyOf(commandLine);
        this.transcript = transcript;
        this.end = end;
        this.replaced = replaced;
    }

    /** Begins an upgrade to the same version, JVM and options. */
    void begin() {
        SupervisorThreads.thread("supervisor-upgrade", () -> {
                    try {
                        run(Succession.Program.own(commandLine), step -> {});
                        end.run();
                    } catch (SupervisorException e) {
                        LOG.debug("not upgraded", e); // said already
                    }
                })
                .start();
    }

    /**
     * Makes an upgrade that another process asks for, and returns the id of the successor's process.
     *
     * @param arguments of the successor; empty for the ones of this process
     * @throws SupervisorException if there is no successor
     */
    long run(Path launcher, Path javaHome, Optional<List<String>> arguments, Consumer<String> progress) {
        return run(new Succession.Program(launcher, javaHome, arguments.orElse(commandLine)), progress);
    }

    private long run(Succession.Program program, Consumer<String> progress) {
        try {
            refusal.ifPresent(why -> {
                throw new SupervisorException("can't upgrade: " + why);
            });
            Consumer<String> steps = step -> {
                transcript.printNote("upgrade: " + step);
                progress.accept(step);
            };
            return succession.run(program, steps, replaced);
        } catch (SupervisorException e) {
            transcript.printError("supervisor: " + e.message(OptionNames::of));
            throw e;
        }
    }

    @Override
    public void close() {
        succession.cancel();
    }
}
