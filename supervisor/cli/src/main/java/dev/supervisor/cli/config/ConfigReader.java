package dev.supervisor.cli.config;

import dev.supervisor.cli.config.ConfigValue.Entries;
import dev.supervisor.cli.config.ConfigValue.Entry;
import dev.supervisor.cli.config.ConfigValue.Items;
import dev.supervisor.cli.config.ConfigValue.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads YAML 1.2 as values with positions. No object is ever made of what a file says: a tag that asks for one is refused.
 * What a file can cost is bounded by its size, by the depth of its values, and by the number of values that aliases make
 * of few.
 */
public final class ConfigReader {

    static final int MOST_CHARACTERS = 1 << 20;
    private static final int MOST_ALIASES = 100;
    private static final int DEEPEST = 5;

    /** More than any file of that size has without aliases. */
    private static final int MOST_VALUES = MOST_CHARACTERS;

    /** The tags that values have without being given any. */
    private static final Set<Tag> TAGS = Set.of(Tag.NULL, Tag.BOOL, Tag.INT, Tag.FLOAT, Tag.STR, Tag.SEQ, Tag.MAP);

    private int values;

    private ConfigReader() {}

    /**
     * Reads a file's text.
     *
     * @throws ConfigException that tells the place of what can't be understood
     */
    public static ConfigValue read(String text) throws ConfigException {
        if (text.length() > MOST_CHARACTERS) {
            throw tooLarge();
        }
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(MOST_CHARACTERS)
                .setAllowNonScalarKeys(true) // they are refused below, with their place
                .setMaxAliasesForCollections(MOST_ALIASES)
                .build();
        try {
            checkDepth(new Parse(settings).parseString(text));
            Optional<Node> root = new Compose(settings).composeString(text);
            return root.isEmpty() ? new Text("", Position.START) : new ConfigReader().value(root.get(), 0);
        } catch (MarkedYamlEngineException e) {
            throw new ConfigException(
                    positionOf(e.getProblemMark().or(e::getContextMark)),
                    "this is no YAML: " + String.valueOf(e.getProblem())
                            + (e.getContext() == null ? "" : " (" + e.getContext() + ")"));
        } catch (YamlEngineException e) {
            throw new ConfigException(Position.START, "this is no YAML: " + e.getMessage());
        }
    }

    static ConfigException tooLarge() {
        return new ConfigException(
                Position.START, "the file is too large: at most " + MOST_CHARACTERS + " characters are read");
    }

    /** Comes before values are made, which takes as much of the stack as they are deep. */
    private static void checkDepth(Iterable<Event> events) throws ConfigException {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionEndEvent) {
                depth--;
            } else if (event instanceof CollectionStartEvent) {
                if (depth > DEEPEST) {
                    throw tooDeep(positionOf(event.getStartMark()));
                }
                depth++;
            }
        }
    }

    private static ConfigException tooDeep(Position position) {
        return new ConfigException(position, "this is nested too deeply");
    }

    private static Position positionOf(Optional<Mark> mark) {
        return mark.map(at -> new Position(at.getLine() + 1, at.getColumn() + 1))
                .orElse(Position.START);
    }

    private ConfigValue value(Node node, int depth) throws ConfigException {
        Position position = positionOf(node.getStartMark());
        if (depth > DEEPEST) {
            throw tooDeep(position);
        }
        if (++values > MOST_VALUES) {
            throw new ConfigException(position, "aliases make too much of this file");
        }
        if (!TAGS.contains(node.getTag())) {
            throw new ConfigException(position, "the tag '" + node.getTag().getValue() + "' has no meaning here");
        }
        if (node instanceof ScalarNode scalar) {
            return new Text(scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue(), position);
        }
        return node instanceof SequenceNode sequence
                ? items(sequence, position, depth)
                : entries((MappingNode) node, position, depth);
    }

    private Items items(SequenceNode sequence, Position position, int depth) throws ConfigException {
        List<ConfigValue> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(value(item, depth + 1));
        }
        return new Items(items, position);
    }

    private Entries entries(MappingNode mapping, Position position, int depth) throws ConfigException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Position of = positionOf(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                throw new ConfigException(of, "a key must be a word");
            }
            Entry entry = new Entry(scalar.getValue(), value(tuple.getValueNode(), depth + 1), of);
            Entry former = entries.putIfAbsent(entry.key(), entry);
            if (former != null) {
                throw new ConfigException(
                        of,
                        "the key '" + entry.key() + "' is there already, in line "
                                + former.position().line());
            }
        }
        return new Entries(List.copyOf(entries.values()), position);
    }
}
