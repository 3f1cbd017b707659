package dev.supervisor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a build does not serve, as text: holding on to a {@link Throwable} of the application would keep its classes.
 *
 * @param summary one line: what failed, on which value, and what to do
 * @param places the places that a compiler complains about, in its order; may be empty
 * @param causes the chain of exceptions behind it, outermost first, or a remark; may be empty
 * @param output the lines of the build; may be empty. Of a long output the first and the last, with a line between them
 * @param dropped the number of lines that are not kept
 */
public record Problem(String summary, List<Place> places, List<Cause> causes, List<String> output, int dropped) {

    /**
     * A place in a source file.
     *
     * @param file as it is shown
     * @param path the same, absolute
     * @param line from 1
     * @param column from 1, in characters; 0 if it is not known
     * @param range all that is meant, if that is known
     * @param message one line, or several, or nothing
     * @param excerpt the lines around it; empty if the file can't be read
     */
    public record Place(
            String file,
            Path path,
            int line,
            int column,
            Optional<Diagnostic.Range> range,
            String message,
            List<Line> excerpt) {
        public Place {
            excerpt = List.copyOf(excerpt);
        }

        public Place(String file, Path path, int line, int column, String message, List<Line> excerpt) {
            this(file, path, line, column, Optional.empty(), message, excerpt);
        }

        /** {@code src/A.java:3:14}. */
        public String position() {
            return file + ":" + line + (column > 0 ? ":" + column : "");
        }
    }

    /** @param marked whether it is the line in question */
    public record Line(int number, String text, boolean marked) {}

    /**
     * An exception behind a problem, or a remark that is none: what came back, or where something happened.
     *
     * @param text the exception and its message, or the remark
     * @param frames the stack, innermost call first
     * @param remark whether it is no exception
     */
    public record Cause(String text, List<Frame> frames, boolean remark) {
        public Cause {
            frames = List.copyOf(frames);
        }

        public Cause(String text, List<Frame> frames) {
            this(text, frames, false);
        }

        /** Returns what is no exception. */
        public static Cause remark(String text, List<Frame> frames) {
            return new Cause(text, frames, true);
        }

        /** Returns the line that tells it. */
        public String line() {
            return remark ? text : "caused by: " + text;
        }

        private Cause with(String other, List<Frame> otherFrames) {
            return new Cause(other, otherFrames, remark);
        }
    }

    /**
     * @param own whether it is code of the application, and not of a library or the JDK
     * @param source what the compiler said of its source
     * @param place where that has been found
     */
    public record Frame(String text, boolean own, Optional<Source> source, Optional<Place> place) {

        public Frame(String text, boolean own) {
            this(text, own, Optional.empty(), Optional.empty());
        }

        private static Frame of(StackTraceElement element, boolean own) {
            String text = plain(element);
            return text.length() > LONGEST_FRAME
                    ? new Frame(cut(text, LONGEST_FRAME), own)
                    : new Frame(text, own, Source.of(element), Optional.empty());
        }

        private Frame at(Place found) {
            return new Frame(text, own, source, Optional.of(found));
        }
    }

    /** @param path below a root of sources, by the package: {@code a/b/C.java} */
    public record Source(String path, int line) {

        private static Optional<Source> of(StackTraceElement element) {
            String file = element.getFileName();
            if (file == null || element.getLineNumber() <= 0) {
                return Optional.empty();
            }
            int packageEnd = element.getClassName().lastIndexOf('.') + 1;
            String directory = element.getClassName().substring(0, packageEnd).replace('.', '/');
            return Optional.of(new Source(directory + file, element.getLineNumber()));
        }
    }

    private static final int MOST_FRAMES = 200;

    /** Half of them from each end of the chain. */
    private static final int MOST_CAUSES = 20;

    /** A {@link Throwable#getCause} of an application may return another exception each time, without end. */
    private static final int LONGEST_CHAIN = 100_000;

    private static final int LONGEST_TEXT = 10_000;
    private static final int LONGEST_FRAME = 1_000;

    public Problem {
        places = List.copyOf(places);
        causes = List.copyOf(causes);
        output = List.copyOf(output);
    }

    public Problem(String summary, List<Place> places, List<Cause> causes, List<String> output) {
        this(summary, places, causes, output, 0);
    }

    public Problem(String summary, List<Cause> causes) {
        this(summary, List.of(), causes, List.of());
    }

    public static Problem of(String summary) {
        return new Problem(summary, List.of());
    }

    /**
     * Describes an exception and its causes. Calls their methods, which may be code of the application: to be used on a
     * thread that may hang. The text is bounded: the length of messages, the number of causes and of frames.
     */
    public static Problem of(String summary, Throwable failure, Predicate<StackTraceElement> own) {
        List<Throwable> chain = chainOf(failure);
        int left = chain.size() - MOST_CAUSES;
        if (left <= 0) {
            return new Problem(summary, causes(chain, own));
        }
        List<Cause> causes = new ArrayList<>(causes(chain.subList(0, MOST_CAUSES / 2), own));
        causes.add(new Cause("(" + left + " more)", List.of()));
        causes.addAll(causes(chain.subList(MOST_CAUSES / 2 + left, chain.size()), own));
        return new Problem(summary, causes);
    }

    private static List<Cause> causes(List<Throwable> failures, Predicate<StackTraceElement> own) {
        return failures.stream()
                .map(failure -> new Cause(describe(failure), frames(stackOf(failure), own)))
                .toList();
    }

    /** Returns the exception and its causes, outermost first, each once. Calls their methods. */
    public static List<Throwable> chainOf(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> chain = new ArrayList<>();
        Throwable next = failure;
        while (next != null && seen.add(next) && chain.size() < LONGEST_CHAIN) {
            chain.add(next);
            next = causeOf(next);
        }
        return chain;
    }

    public static List<Frame> frames(StackTraceElement[] stack, Predicate<StackTraceElement> own) {
        return Arrays.stream(stack)
                .limit(MOST_FRAMES)
                .filter(Objects::nonNull) // an application may return any array
                .map(element -> Frame.of(element, own.test(element)))
                .toList();
    }

    /** Returns the exception and its message, or its type alone if it can't say more. Calls its methods. */
    public static String describe(Throwable failure) {
        try {
            return cut(String.valueOf(failure.toString()), LONGEST_TEXT);
        } catch (RuntimeException | Error e) {
            return failure.getClass().getName();
        }
    }

    /** Returns the message of an exception; "null" if it has none, or fails to tell. Calls its methods. */
    public static String messageOf(Throwable failure) {
        try {
            return cut(String.valueOf(failure.getMessage()), LONGEST_TEXT);
        } catch (RuntimeException | Error e) {
            return "null";
        }
    }

    private static String cut(String text, int length) {
        return text.length() <= length
                ? text
                : text.substring(0, length) + "... (" + (text.length() - length) + " more characters)";
    }

    private static @Nullable Throwable causeOf(Throwable failure) {
        try {
            return failure.getCause();
        } catch (RuntimeException | Error e) {
            return null;
        }
    }

    private static StackTraceElement[] stackOf(Throwable failure) {
        try {
            return Objects.requireNonNullElseGet(failure.getStackTrace(), () -> new StackTraceElement[0]);
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

    /** The same, with these places in the frames where they come first. */
    public Problem located(Map<Frame, Place> found) {
        Map<Frame, Place> left = new HashMap<>(found);
        List<Cause> located = new ArrayList<>();
        for (Cause cause : causes) {
            List<Frame> frames = new ArrayList<>();
            for (Frame frame : cause.frames()) {
                Place place = left.remove(frame);
                frames.add(place == null ? frame : frame.at(place));
            }
            located.add(cause.with(cause.text(), frames));
        }
        return new Problem(summary, places, located, output, dropped);
    }

    /** Returns this problem with its summary rendered, in which options are named by their marks. */
    public Problem withOptionNames(UnaryOperator<String> render) {
        List<Cause> rendered = causes.stream()
                .map(cause -> cause.with(render.apply(cause.text()), cause.frames()))
                .toList();
        return new Problem(render.apply(summary), places, rendered, output, dropped);
    }

    /** Returns the places of compilers, and then the places of frames. */
    public List<Place> allPlaces() {
        return Stream.concat(
                        places.stream(),
                        causes.stream()
                                .flatMap(cause -> cause.frames().stream())
                                .flatMap(frame -> frame.place().stream()))
                .toList();
    }

    /** Returns the places, grouped by line of a file. */
    public List<List<Place>> placesByLine() {
        record SourceLine(Path path, int line) {}
        return List.copyOf(places.stream()
                .collect(Collectors.groupingBy(
                        place -> new SourceLine(place.path(), place.line()), LinkedHashMap::new, Collectors.toList()))
                .values());
    }

    /** Returns the number of lines of the build, including the lines that are not kept. */
    public int said() {
        return dropped == 0 ? output.size() : output.size() - 1 + dropped;
    }

    /** Not all of the output; empty if it is all. */
    public String exceptDropped() {
        return dropped == 0 ? "" : ", but for " + dropped + (dropped == 1 ? " line" : " lines") + " in the middle";
    }

    /** Whether the summary ends with this cause, so that to say it again would be the same line twice. */
    public boolean summarySays(Cause cause) {
        return cause == causes.get(0) && summary.endsWith(cause.text());
    }
}
