package dev.supervisor.cli.config;

import java.util.List;

/** A value of a configuration file, as it is written. Its nesting has been checked, and it does not contain itself. */
public sealed interface ConfigValue {

    /** Returns where it begins. */
    Position position();

    /**
     * A word, a number, or another text.
     *
     * @param text as it is written, so that {@code 0660} stays that; empty if nothing stands there
     */
    record Text(String text, Position position) implements ConfigValue {}

    /** A list. */
    record Items(List<ConfigValue> items, Position position) implements ConfigValue {
        public Items {
            items = List.copyOf(items);
        }
    }

    /**
     * Keys with their values.
     *
     * @param entries in the order of the file; no key is there twice
     */
    record Entries(List<Entry> entries, Position position) implements ConfigValue {
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A key with its value.
     *
     * @param position of the key
     */
    record Entry(String key, ConfigValue value, Position position) {}

    /** Returns what kind of value it is, for messages. */
    default String kind() {
        if (this instanceof Text text) {
            return text.text().isEmpty() ? "nothing" : "'" + text.text() + "'";
        }
        return this instanceof Items ? "a list" : "keys with values";
    }
}
