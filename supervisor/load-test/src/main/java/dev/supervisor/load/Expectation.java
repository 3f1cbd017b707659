package dev.supervisor.load;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides whether an answer is good.
 *
 * @param statuses the allowed statuses; empty for all of 2xx and 3xx
 * @param body must match somewhere in the body
 * @param version its first group matches a number in the body that must never decrease
 */
public record Expectation(Set<Integer> statuses, Optional<Pattern> body, Optional<Pattern> version) {

    private static final int SUCCESS = 200;
    private static final int CLIENT_ERROR = 400;

    public Expectation {
        statuses = Set.copyOf(statuses);
        version.ifPresent(Expectation::requireGroup);
    }

    public static Expectation any() {
        return new Expectation(Set.of(), Optional.empty(), Optional.empty());
    }

    private static void requireGroup(Pattern pattern) {
        if (pattern.matcher("").groupCount() < 1) {
            throw new LoadTestException(
                    "the version pattern '" + pattern + "' has no group for the number (use 'v(\\d+)')");
        }
    }

    boolean allows(int status) {
        return statuses.isEmpty() ? status >= SUCCESS && status < CLIENT_ERROR : statuses.contains(status);
    }

    /** Returns whether bodies must be checked. */
    boolean looksAtBodies() {
        return body.isPresent() || version.isPresent();
    }
}
