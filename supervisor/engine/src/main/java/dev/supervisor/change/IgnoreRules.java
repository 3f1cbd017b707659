package dev.supervisor.change;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.eclipse.jgit.ignore.FastIgnoreRule;

/**
 * Rules in the form of a {@code .gitignore}. As with git, the last rule that matches a path decides, and no file in an
 * ignored directory can be included again. So callers ask for each directory from the top down.
 */
record IgnoreRules(List<FastIgnoreRule> inOrder) {

    static final IgnoreRules NONE = new IgnoreRules(List.of());

    /**
     * @param unusable called with each rule that can't be understood, and its line number, from 1; the rule is left out
     */
    static IgnoreRules of(List<String> lines, ObjIntConsumer<String> unusable) {
        List<FastIgnoreRule> rules = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            FastIgnoreRule rule = new FastIgnoreRule(lines.get(i));
            if (!rule.isEmpty()) {
                rules.add(rule);
            } else if (saysSomething(lines.get(i))) {
                unusable.accept(lines.get(i), i + 1);
            }
        }
        return new IgnoreRules(List.copyOf(rules));
    }

    private static boolean saysSomething(String line) {
        return !line.isBlank() && !line.startsWith("#");
    }

    IgnoreRules and(IgnoreRules later) {
        return new IgnoreRules(
                Stream.concat(inOrder.stream(), later.inOrder.stream()).toList());
    }

    /**
     * Returns whether this path is ignored; empty if no rule matches.
     *
     * @param base the directory of the rules
     * @param root the watched directory that the path lies in; a rule that matches the root itself does not apply to
     *     its content, since that is watched in any case
     */
    Optional<Boolean> ignore(Path base, Path root, Path path, boolean directory) {
        if (inOrder.isEmpty()) {
            return Optional.empty(); // as in nearly all directories
        }
        String query = query(base, path);
        for (int i = inOrder.size() - 1; i >= 0; i--) {
            FastIgnoreRule rule = inOrder.get(i);
            if (matches(rule, query, directory) && !isAbout(rule, base, root)) {
                return Optional.of(rule.getResult());
            }
        }
        return Optional.empty();
    }

    private static String query(Path base, Path path) {
        return base.relativize(path).toString().replace(File.separatorChar, '/');
    }

    /** Returns whether the rule matches the path itself, not a directory above it. */
    private static boolean matches(FastIgnoreRule rule, String query, boolean directory) {
        return rule.isMatch(query, directory, true);
    }

    private static boolean isAbout(FastIgnoreRule rule, Path base, Path root) {
        return root.startsWith(base) && !root.equals(base) && matches(rule, query(base, root), true);
    }
}
