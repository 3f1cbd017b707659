package dev.supervisor.cli.config;

/**
 * A place in a configuration file.
 *
 * @param line counts from 1
 * @param column counts from 1
 */
public record Position(int line, int column) implements Comparable<Position> {

    /** Of what is about the file as a whole. */
    public static final Position START = new Position(1, 1);

    @Override
    public int compareTo(Position other) {
        return line == other.line ? Integer.compare(column, other.column) : Integer.compare(line, other.line);
    }
}
