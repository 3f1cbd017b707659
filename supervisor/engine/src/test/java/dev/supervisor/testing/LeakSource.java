package dev.supervisor.testing;

import java.util.Optional;

/**
 * A small application that leaves something behind at its end.
 *
 * @param name what it does, for the table
 * @param since the Java version that it needs
 * @param members of its class
 * @param start what its start does
 * @param expected what becomes of its generations
 * @param said a regular expression of what the supervisor says about it
 */
public record LeakSource(
        String name, int since, String members, String start, Expected expected, Optional<String> said) {

    /** What becomes of a generation. */
    public enum Expected {
        /** It is collected. */
        COLLECTED,
        /** It is not, and its holder is named. */
        NAMED
    }

    /** It is collected, and nothing is said: nobody can be blamed, or it is no leak at all. */
    public static LeakSource harmless(String name, String members, String start) {
        return new LeakSource(name, 17, members, start, Expected.COLLECTED, Optional.empty());
    }

    /** It is cleared, and that is said. */
    public static LeakSource cleared(String name, String members, String start, String said) {
        return new LeakSource(name, 17, members, start, Expected.COLLECTED, Optional.of(said));
    }

    /** It can't be cleared; what holds the generation is said. */
    public static LeakSource named(String name, String members, String start, String said) {
        return new LeakSource(name, 17, members, start, Expected.NAMED, Optional.of(said));
    }

    public LeakSource since(int version) {
        return new LeakSource(name, version, members, start, expected, said);
    }

    public TestBuild build() {
        return Apps.with(members, start);
    }

    /** For the table. */
    String resultWord() {
        return expected == Expected.COLLECTED ? "collected" : "named";
    }

    @Override
    public String toString() {
        return name;
    }
}
