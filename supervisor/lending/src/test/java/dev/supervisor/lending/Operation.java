package dev.supervisor.lending;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What is done to each of two subjects, with the same random numbers; says what came of it. */
record Operation<S>(String name, int weight, Body<S> body) {

    /** Returned where an operation would wait for ever, or makes no sense. */
    static final String OMITTED = "omitted";

    interface Body<S> {
        @Nullable
        Object run(S side, Random random) throws Exception;
    }

    String outcome(S side, long seed) {
        Random random = new Random(seed);
        boolean interrupt = random.nextInt(60) == 0;
        if (interrupt) {
            Thread.currentThread().interrupt();
        }
        try {
            return String.valueOf(body.run(side, random)) + interrupted();
        } catch (Exception e) {
            return described(e) + interrupted();
        }
    }

    private static String interrupted() {
        return Thread.interrupted() ? ", interrupted" : "";
    }

    static String described(Throwable e) {
        String message = e instanceof NullPointerException ? "" : " \"" + e.getMessage() + "\"";
        return e.getClass().getSimpleName() + message;
    }
}
