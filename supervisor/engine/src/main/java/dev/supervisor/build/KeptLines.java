package dev.supervisor.build;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The lines that a program has printed. If there are many, only the first and the last ones are kept. Not thread-safe.
 */
public final class KeptLines {

    private static final int MOST_FIRST = 500;
    private static final int MOST_LAST = 1500;
    private static final long MOST_CHARACTERS_FIRST = 1 << 18;
    private static final long MOST_CHARACTERS_LAST = 3 << 18;

    private final List<String> first = new ArrayList<>();
    private final Deque<String> last = new ArrayDeque<>();
    private long charactersFirst;
    private long charactersLast;
    private int dropped;

    /**
     * Adds a line.
     *
     * @param line not much longer than the lines of a {@link LineReader}
     */
    public void add(String line) {
        boolean isFirst = last.isEmpty()
                && dropped == 0
                && first.size() < MOST_FIRST
                && charactersFirst + line.length() <= MOST_CHARACTERS_FIRST;
        if (isFirst) {
            first.add(line);
            charactersFirst += line.length();
            return;
        }
        last.addLast(line);
        charactersLast += line.length();
        while (last.size() > MOST_LAST || charactersLast > MOST_CHARACTERS_LAST) {
            charactersLast -= last.removeFirst().length();
            dropped++;
        }
    }

    public boolean isEmpty() {
        return first.isEmpty();
    }

    /** Returns how many lines are not kept. */
    public int dropped() {
        return dropped;
    }

    /** Returns the kept lines. In place of dropped lines, one line gives their number. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(first);
        if (dropped > 0) {
            lines.add("... " + dropped + (dropped == 1 ? " line" : " lines") + " between these, not kept ...");
        }
        lines.addAll(last);
        return lines;
    }
}
