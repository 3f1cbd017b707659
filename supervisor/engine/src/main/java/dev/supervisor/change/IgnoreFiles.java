package dev.supervisor.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of one directory's {@code .gitignore} and {@code .ignore}, as they were when they were read.
 *
 * @param stamps of both files, whether they exist or not
 * @param lines of both files
 * @param endRepository whether the directories above belong to another repository
 */
record IgnoreFiles(
        Path directory,
        List<Optional<FileStamp>> stamps,
        List<List<String>> lines,
        IgnoreRules rules,
        boolean endRepository) {

    private static final Logger LOG = LoggerFactory.getLogger(IgnoreFiles.class);

    private static final List<String> NAMES = List.of(".gitignore", ".ignore");

    static boolean areCalled(Path path) {
        return NAMES.stream().anyMatch(path::endsWith);
    }

    /** @param warning called for each rule that can't be used */
    static IgnoreFiles in(Path directory, Consumer<String> warning) {
        List<Optional<FileStamp>> stamps = stampsIn(directory); // first, or a change after the read would go unseen
        List<List<String>> lines = new ArrayList<>();
        IgnoreRules rules = IgnoreRules.NONE;
        for (String name : NAMES) {
            Path file = directory.resolve(name);
            List<String> said = linesOf(file);
            lines.add(said);
            rules = rules.and(rulesOf(file, said, warning));
        }
        return new IgnoreFiles(directory, stamps, lines, rules, Files.exists(directory.resolve(".git")));
    }

    private static List<String> linesOf(Path file) {
        if (Files.isRegularFile(file) && Files.isReadable(file)) {
            try {
                return new String(Files.readAllBytes(file), UTF_8).lines().toList();
            } catch (IOException e) {
                LOG.debug("can't read {}", file, e);
            }
        }
        return List.of();
    }

    private static IgnoreRules rulesOf(Path file, List<String> lines, Consumer<String> warning) {
        return IgnoreRules.of(
                lines,
                (rule, line) -> warning.accept("can't understand '" + rule + "' in " + file + ", line " + line
                        + ", so it ignores nothing (write it another way, or ignore those files by an option)"));
    }

    private static List<Optional<FileStamp>> stampsIn(Path directory) {
        return NAMES.stream().map(directory::resolve).map(FileStamp::of).toList();
    }

    /** Returns whether one of the files was written since; its lines may still be the same. */
    boolean mayHaveChanged() {
        return !stamps.equals(stampsIn(directory));
    }

    boolean saySameAs(IgnoreFiles other) {
        return lines.equals(other.lines) && endRepository == other.endRepository;
    }
}
