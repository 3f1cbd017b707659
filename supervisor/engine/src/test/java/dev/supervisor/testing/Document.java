package dev.supervisor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.text.TextContentRenderer;

/**
 * A document of the repository, and its blocks of code in their order.
 *
 * @param name relative to the repository, such as {@code docs/tls.md}
 */
public record Document(String name, List<Block> blocks) {

    public static final Path REPOSITORY =
            Path.of("../..").toAbsolutePath().normalize(); // tests run in the directory of a module

    /**
     * A block of code.
     *
     * @param document the name of its document
     * @param heading the heading above it
     * @param language as it stands behind the fence; empty for transcripts
     */
    public record Block(String document, String heading, String language, String text) {

        public String firstLine() {
            return text.lines().findFirst().orElse("");
        }

        /** Returns its commands: its lines, with those that a backslash continues. */
        public List<String> commands() {
            List<String> commands = new ArrayList<>();
            StringBuilder command = new StringBuilder();
            for (String line : text.lines().toList()) {
                command.append(line).append('\n');
                if (!line.endsWith("\\")) {
                    commands.add(command.toString());
                    command.setLength(0);
                }
            }
            return commands;
        }

        @Override
        public String toString() {
            return document + ": " + firstLine();
        }
    }

    public static Document read(String name) {
        try {
            return new Document(name, blocks(name, Files.readString(REPOSITORY.resolve(name))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the documents that users read: the README, and those of {@code docs}. */
    public static List<Document> all() {
        try (Stream<Path> files = Files.list(REPOSITORY.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md"),
                            files.map(file -> "docs/" + file.getFileName())
                                    .filter(name -> name.endsWith(".md"))
                                    .sorted())
                    .map(Document::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Block> blocks(String document, String text) {
        List<Block> blocks = new ArrayList<>();
        Parser.builder().build().parse(text).accept(new AbstractVisitor() {
            private String heading = "";

            @Override
            public void visit(Heading node) {
                heading = TextContentRenderer.builder().build().render(node);
            }

            @Override
            public void visit(FencedCodeBlock node) {
                blocks.add(new Block(document, heading, node.getInfo(), node.getLiteral()));
            }
        });
        return List.copyOf(blocks);
    }

    /** Returns the only block that begins so. */
    public Block block(String beginning) {
        return only(
                "begins with '" + beginning + "'",
                blocks.stream()
                        .filter(block -> block.text().startsWith(beginning))
                        .toList());
    }

    /** Returns the first block in this language below the heading. */
    public Block block(String heading, String language) {
        return blocks.stream()
                .filter(block ->
                        block.heading().equals(heading) && block.language().equals(language))
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("no block in " + language + " below '" + heading + "' of " + name));
    }

    private Block only(String what, List<Block> found) {
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " blocks of " + name + " are one that " + what);
        }
        return found.get(0);
    }
}
