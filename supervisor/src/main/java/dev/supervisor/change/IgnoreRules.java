package dev.supervisor.change;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import nl.basjes.gitignore.GitIgnore;
import org.jspecify.annotations.Nullable;

/**
 * Rules in the form of a {@code .gitignore}. As with git the last one that matches a path decides on it, and nothing that
 * lies in an ignored directory can be taken back; so whoever asks begins at the top.
 */
record IgnoreRules(List<Rule> inOrder) {

    static final IgnoreRules NONE = new IgnoreRules(List.of());

    /** One line each: of several the library takes the first one that matches a directory. */
    private record Rule(GitIgnore line, boolean ofDirectories) {

        @Nullable
        Boolean ignore(Path base, Path path, boolean directory) {
            String query =
                    "/" + GitIgnore.separatorsToUnix(base.relativize(path).toString());
            return line.isIgnoredFile(ofDirectories && directory ? query + "/" : query);
        }

        boolean isAbout(Path base, Path root) {
            return root.startsWith(base) && !root.equals(base) && ignore(base, root, true) != null;
        }
    }

    /** @param unusable told of each rule that is left out, since it can't be understood, and of the number of its line */
    static IgnoreRules of(List<String> lines, ObjIntConsumer<String> unusable) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = asUnderstood(lines.get(i));
            try {
                rules.add(new Rule(new GitIgnore(line), line.endsWith("/")));
            } catch (RuntimeException e) { // of its regular expression, mostly
                unusable.accept(lines.get(i), i + 1);
            }
        }
        return new IgnoreRules(List.copyOf(rules));
    }

    /**
     * The library makes a regular expression of a rule, in which braces, plus and bar keep their meaning, a star after a
     * class repeats that, and {@code build/**} matches {@code buildSrc}.
     */
    private static String asUnderstood(String rule) {
        return rule.strip()
                .replaceFirst("/\\*\\*$", "/*")
                .replaceAll("\\](?=\\*)", "]*")
                .replaceAll("[{}+|]", "[$0]");
    }

    IgnoreRules and(IgnoreRules later) {
        return new IgnoreRules(
                Stream.concat(inOrder.stream(), later.inOrder.stream()).toList());
    }

    /**
     * Whether this path is ignored; empty if no rule says so or otherwise.
     *
     * @param base where the rules begin
     * @param root in which the path lies; a rule that is about the root itself says nothing of what is in it, since that
     *     is watched in any case
     */
    Optional<Boolean> ignore(Path base, Path root, Path path, boolean directory) {
        for (int i = inOrder.size() - 1; i >= 0; i--) {
            Rule rule = inOrder.get(i);
            Boolean ignored = rule.ignore(base, path, directory);
            if (ignored != null && !rule.isAbout(base, root)) {
                return Optional.of(ignored);
            }
        }
        return Optional.empty();
    }
}
