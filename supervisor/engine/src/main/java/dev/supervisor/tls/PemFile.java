package dev.supervisor.tls;

import dev.supervisor.SupervisorException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The blocks of a file in the PEM format (RFC 7468, and RFC 1421 for the headers of encrypted keys). Text between blocks is
 * skipped, as everywhere.
 */
record PemFile(Path path, List<Block> blocks) {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** One block. */
    static final class Block {

        private final String label;
        private final String headers;
        private final byte[] der;

        private Block(String label, String headers, byte[] der) {
            this.label = label;
            this.headers = headers;
            this.der = der;
        }

        /** Returns what stands behind BEGIN. */
        String label() {
            return label;
        }

        /** Returns the headers of RFC 1421, which tell mostly that a key is encrypted. */
        String headers() {
            return headers;
        }

        byte[] der() {
            return der.clone();
        }
    }

    /**
     * Reads a file.
     *
     * @param what it is, for messages
     * @throws SupervisorException if it is not in this format, or damaged
     */
    static PemFile read(Path path, String what, FileContents contents) {
        byte[] bytes = contents.of(path, what);
        List<Block> blocks = new ArrayList<>();
        List<String> lines =
                new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            int begin = lines.get(i).indexOf(BEGIN);
            if (begin >= 0) {
                String label = lines.get(i).substring(begin + BEGIN.length()).replace(DASHES, "");
                int end = endOf(lines, i, label, what, path);
                blocks.add(block(label.strip(), lines.subList(i + 1, end), what, path));
                i = end;
            }
        }
        if (blocks.isEmpty()) {
            throw new SupervisorException("the " + what + " '" + path + "' is not in the PEM format: "
                    + DerKind.of(bytes).advice(path));
        }
        return new PemFile(path, List.copyOf(blocks));
    }

    private static int endOf(List<String> lines, int begin, String label, String what, Path path) {
        for (int i = begin + 1; i < lines.size() && !lines.get(i).contains(BEGIN); i++) {
            if (lines.get(i).contains(END)) {
                return i;
            }
        }
        throw new SupervisorException("the " + what + " '" + path + "' is cut off: line " + (begin + 1) + " begins a "
                + label.strip() + ", and no line ends it (copy the whole file again)");
    }

    private static Block block(String label, List<String> lines, String what, Path path) {
        // Headers come first, and a line that is empty ends them; a header can go on in a line that begins with a
        // blank.
        int blank = 0;
        while (blank < lines.size() && !lines.get(blank).isBlank()) {
            blank++;
        }
        boolean hasHeaders = !lines.isEmpty() && lines.get(0).contains(":");
        List<String> headers = hasHeaders ? lines.subList(0, blank) : List.of();
        List<String> body = hasHeaders ? lines.subList(blank, lines.size()) : lines;
        try {
            String text = body.stream().map(String::strip).collect(Collectors.joining());
            return new Block(
                    label, String.join("\n", headers), Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new SupervisorException(
                    "the " + what + " '" + path + "' is damaged: its " + label + " is no base64 (copy it again)", e);
        }
    }

    /** Returns the blocks that have one of these labels. */
    List<Block> of(Set<String> labels) {
        return blocks.stream().filter(block -> labels.contains(block.label())).toList();
    }

    /** Returns what is in it, for messages. */
    String labels() {
        return blocks.stream().map(Block::label).distinct().collect(Collectors.joining(", "));
    }

    boolean hasLabelWith(String part) {
        return blocks.stream().anyMatch(block -> block.label().contains(part));
    }
}
