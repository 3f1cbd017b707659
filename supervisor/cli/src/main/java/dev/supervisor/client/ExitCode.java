package dev.supervisor.client;

/** The exit codes of the commands, those of the Linux Standard Base for {@code status}. */
public final class ExitCode {

    public static final int DONE = 0;
    /** The build does not serve, or what was asked for has failed. */
    public static final int FAILED = 1;

    public static final int WRONG_USAGE = 2;
    /** There is no supervisor that could be asked. */
    public static final int NOT_RUNNING = 3;
    /** It can't be told: no permission, or no answer in time. */
    public static final int UNKNOWN = 4;

    private ExitCode() {}
}
