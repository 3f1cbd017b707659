package dev.supervisor.text;

/** Numbers with the noun that they count. */
public final class Plural {

    private Plural() {}

    /** Returns the number and the noun, with an s unless there is exactly one; for a noun that ends with an s, with es. */
    public static String of(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : noun.endsWith("s") ? "es" : "s");
    }
}
