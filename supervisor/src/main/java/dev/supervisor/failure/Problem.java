package dev.supervisor.failure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Why a build does not serve, as text: holding on to a {@link Throwable} of the application would keep its classes.
 *
 * @param summary one line: what failed, on which value, and what to do
 * @param causes the chain of exceptions behind it, outermost first; may be empty
 */
public record Problem(String summary, List<Cause> causes) {

    /**
     * @param text the exception and its message
     * @param frames its stack, innermost call first
     */
    public record Cause(String text, List<Frame> frames) {
        public Cause {
            frames = List.copyOf(frames);
        }
    }

    /** @param own whether it is code of the application, and not of a library or the JDK */
    public record Frame(String text, boolean own) {}

    private static final int MOST_FRAMES = 200;

    public Problem {
        causes = List.copyOf(causes);
    }

    public static Problem of(String summary) {
        return new Problem(summary, List.of());
    }

    public static Problem of(String summary, Throwable failure, Predicate<StackTraceElement> own) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Cause> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = causeOf(cause)) {
            causes.add(new Cause(describe(cause), frames(stackOf(cause), own)));
        }
        return new Problem(summary, causes);
    }

    public static List<Frame> frames(StackTraceElement[] stack, Predicate<StackTraceElement> own) {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < Math.min(stack.length, MOST_FRAMES); i++) {
            frames.add(new Frame(plain(stack[i]), own.test(stack[i])));
        }
        return frames;
    }

    /** The exception and its message; or its type alone, if it can't say more: this is the application's code too. */
    public static String describe(Throwable cause) {
        try {
            return String.valueOf(cause.toString());
        } catch (RuntimeException | Error e) {
            return cause.getClass().getName();
        }
    }

    /** Its {@link Throwable#getCause}; of an exception of the application that fails to tell, none. */
    public static @Nullable Throwable causeOf(Throwable failure) {
        try {
            return failure.getCause();
        } catch (RuntimeException | Error e) {
            return null;
        }
    }

    private static StackTraceElement[] stackOf(Throwable failure) {
        try {
            return failure.getStackTrace();
        } catch (RuntimeException | Error e) {
            return new StackTraceElement[0];
        }
    }

    /** Without the names of class loader and module. */
    private static String plain(StackTraceElement element) {
        String place = element.isNativeMethod()
                ? "native method"
                : element.getFileName() == null
                        ? "unknown source"
                        : element.getFileName() + (element.getLineNumber() > 0 ? ":" + element.getLineNumber() : "");
        return element.getClassName() + "." + element.getMethodName() + "(" + place + ")";
    }

    /** The summary and the cause chain; of each stack only the innermost frame of the application's own. */
    public String chain() {
        StringBuilder text = new StringBuilder(summary);
        for (Cause cause : causes) {
            text.append("\n  caused by: ").append(cause.text());
            cause.frames().stream()
                    .filter(Frame::own)
                    .findFirst()
                    .ifPresent(frame -> text.append("\n    at ").append(frame.text()));
        }
        return text.toString();
    }

    /** All of it, as plain text; the application's own frames are marked with {@code >}. */
    public String details() {
        StringBuilder text = new StringBuilder(summary).append('\n');
        for (Cause cause : causes) {
            text.append("\ncaused by: ").append(cause.text()).append('\n');
            cause.frames()
                    .forEach(frame -> text.append(frame.own() ? "  > at " : "    at ")
                            .append(frame.text())
                            .append('\n'));
        }
        return text.toString();
    }
}
