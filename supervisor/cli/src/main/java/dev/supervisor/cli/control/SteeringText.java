package dev.supervisor.cli.control;

import dev.supervisor.Status;
import java.util.List;

/** What an application answers to a command. */
final class SteeringText {

    private SteeringText() {}

    /** @param status after the command */
    static String draining(Status status) {
        return status.steering().clientsTold()
                ? "draining"
                : "draining: /readyz of --admin says so, but clients of a program are not told";
    }

    /**
     * @param status after the command
     * @param swaps whether a swap follows
     */
    static String resumed(Status status, boolean swaps) {
        if (swaps) {
            return "resumed, and a swap of what has changed follows";
        }
        List<Status.KeptBuild> builds = status.steering().builds();
        boolean rolledBack =
                !builds.isEmpty() && !builds.get(0).live() && builds.stream().anyMatch(Status.KeptBuild::live);
        return rolledBack
                ? "resumed; nothing has changed since the rollback, so that the former build serves until something does"
                        + " ('supervisor swap' takes the newest one)"
                : "resumed";
    }
}
