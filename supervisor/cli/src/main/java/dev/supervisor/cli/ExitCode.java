package dev.supervisor.cli;

/** The exit codes of the commands; that of wrong usage is picocli's. */
final class ExitCode {

    static final int DONE = 0;
    static final int FAILED = 1;

    private ExitCode() {}
}
