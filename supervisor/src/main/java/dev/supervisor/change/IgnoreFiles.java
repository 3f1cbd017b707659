package dev.supervisor.change;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nl.basjes.gitignore.GitIgnore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the {@code .gitignore} and the {@code .ignore} of one directory say, as they were when they were read.
 *
 * @param stamps of both of them, whether they are there or not
 * @param endRepository whether the directories above belong to another repository
 */
record IgnoreFiles(Path directory, List<Optional<Stamp>> stamps, List<GitIgnore> rules, boolean endRepository) {

    private static final Logger LOG = LoggerFactory.getLogger(IgnoreFiles.class);

    private static final List<String> NAMES = List.of(".gitignore", ".ignore");

    static boolean areCalled(String name) {
        return NAMES.contains(name);
    }

    static IgnoreFiles in(Path directory) {
        List<Optional<Stamp>> stamps = stampsIn(directory); // first, or a change after it was read would go unseen
        List<GitIgnore> rules = new ArrayList<>();
        for (String name : NAMES) {
            Path file = directory.resolve(name);
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                try {
                    rules.add(new GitIgnore(Files.readString(file)));
                } catch (IOException e) {
                    LOG.debug("can't read {}", file, e);
                }
            }
        }
        return new IgnoreFiles(directory, stamps, List.copyOf(rules), Files.exists(directory.resolve(".git")));
    }

    private static List<Optional<Stamp>> stampsIn(Path directory) {
        return NAMES.stream().map(directory::resolve).map(Stamp::of).toList();
    }

    boolean areThere() {
        return stamps.stream().anyMatch(Optional::isPresent);
    }

    boolean haveChanged() {
        return !stamps.equals(stampsIn(directory));
    }
}
