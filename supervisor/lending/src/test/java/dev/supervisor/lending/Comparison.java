package dev.supervisor.lending;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Performs the same random operations on a lent and on a real subject, and keeps what they answered differently. A difference
 * counts if it comes again with the same random numbers, as a kernel may be late.
 */
final class Comparison<S extends Closeable> {

    /** A difference that is harmless and hard to avoid. */
    record Allowed(String operation, String lent, String real, String reason) {

        boolean covers(String name, String lentOutcome, String realOutcome) {
            return Pattern.matches(operation, name)
                    && Pattern.compile(lent, Pattern.DOTALL)
                            .matcher(lentOutcome)
                            .matches()
                    && Pattern.compile(real, Pattern.DOTALL)
                            .matcher(realOutcome)
                            .matches();
        }
    }

    interface Opener<S> {
        S open() throws Exception;
    }

    private static final int ATTEMPTS = 3;

    private final Opener<S> lent;
    private final Opener<S> real;
    private final BiFunction<S, String, String> normal;
    private final List<Operation<S>> operations;
    private final List<Allowed> allowed;
    private final List<Operation<S>> byWeight = new ArrayList<>();
    private final Map<String, String> differences = new TreeMap<>();
    private final Map<String, Integer> performed = new TreeMap<>();

    Comparison(
            Opener<S> lent,
            Opener<S> real,
            BiFunction<S, String, String> normal,
            List<Operation<S>> operations,
            List<Allowed> allowed) {
        this.lent = lent;
        this.real = real;
        this.normal = normal;
        this.operations = operations;
        this.allowed = allowed;
        for (Operation<S> operation : operations) {
            for (int i = 0; i < operation.weight(); i++) {
                byWeight.add(operation);
            }
        }
    }

    /** Returns the differences, each with an example. */
    Map<String, String> differences(int cases, int length) throws Exception {
        for (int seed = 0; seed < cases; seed++) {
            String difference = "";
            String example = "";
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                List<String> trace = new ArrayList<>();
                difference = difference(seed, length, trace);
                example = "seed " + seed + ": " + String.join("; ", trace);
                if (difference.isEmpty()) {
                    break;
                }
            }
            if (!difference.isEmpty()) {
                differences.putIfAbsent(difference, example);
            }
        }
        return differences;
    }

    int performed() {
        return performed.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The operations that were never performed: of those the test would say nothing. */
    List<String> neverPerformed() {
        return operations.stream()
                .map(Operation::name)
                .filter(name -> !performed.containsKey(name))
                .toList();
    }

    private String difference(int seed, int length, List<String> trace) throws Exception {
        Random random = new Random(seed);
        try (S one = lent.open();
                S other = real.open()) {
            for (int i = 0; i < length; i++) {
                Operation<S> operation = byWeight.get(random.nextInt(byWeight.size()));
                long parameters = random.nextLong();
                String lentOutcome = normal.apply(one, operation.outcome(one, parameters));
                String realOutcome = normal.apply(other, operation.outcome(other, parameters));
                boolean same = lentOutcome.equals(realOutcome);
                if (!realOutcome.startsWith(Operation.OMITTED)) {
                    trace.add(operation.name() + " -> " + lentOutcome + (same ? "" : " AND NOT " + realOutcome));
                    performed.merge(operation.name(), 1, Integer::sum);
                }
                if (!same) {
                    return isAllowed(operation, lentOutcome, realOutcome)
                            ? ""
                            : operation.name() + ": lent " + lentOutcome + ", real " + realOutcome;
                }
            }
        }
        return "";
    }

    private boolean isAllowed(Operation<S> operation, String lentOutcome, String realOutcome) {
        return allowed.stream().anyMatch(one -> one.covers(operation.name(), lentOutcome, realOutcome));
    }
}
