package dev.supervisor.change;

import dev.supervisor.OptionKey;
import dev.supervisor.SupervisorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which files below the watched directories are no sources: files named by a {@code .gitignore} or {@code
 * .ignore} beside or above them, files of version control, swap and backup files of editors, and output of the build.
 * Thread-safe.
 */
final class IgnoredSources implements IgnoreFilter {

    private static final Logger LOG = LoggerFactory.getLogger(IgnoredSources.class);

    private static final Set<String> VERSION_CONTROL = Set.of(".git", ".hg", ".svn", ".jj", "CVS");

    private static final List<String> GRADLE =
            List.of("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts");

    /**
     * Names of build tools' outputs. A file or directory of that name is an output if one of the configuration files
     * lies beside it.
     */
    private static final Map<String, List<String>> OUTPUTS = Map.of(
            "target", List.of("pom.xml", "build.sbt", "Cargo.toml"),
            "dependency-reduced-pom.xml", List.of("pom.xml"),
            ".flattened-pom.xml", List.of("pom.xml"),
            "build", GRADLE,
            ".gradle", GRADLE,
            ".kotlin", GRADLE,
            "node_modules", List.of("package.json"));

    private final List<Path> named;
    private final Set<Path> outputs;
    private final IgnoreRules globs;
    private final Set<Path> here;

    // Guarded by this.
    private final Map<Path, IgnoreFiles> rules = new HashMap<>();
    private final Map<Path, Boolean> directories = new HashMap<>();
    private final Set<String> warnings = new HashSet<>();
    private Set<Path> roots;

    /**
     * @param roots the watched directories; they and the directories above them are never ignored
     * @param outputs the build's outputs: the application and its libraries
     * @param globs more rules, in the form of {@code .gitignore}
     * @param here the directory to which globs are relative; in roots elsewhere, they are relative to the root
     */
    IgnoredSources(Collection<Path> roots, Collection<Path> outputs, List<String> globs, Path here) {
        this.named = List.copyOf(roots);
        this.roots = new WatchTargets(named).paths();
        this.outputs = new WatchTargets(outputs).paths();
        this.globs = globs(globs);
        this.here = new WatchTargets(List.of(here)).paths();
    }

    /** @throws SupervisorException if a glob can't be understood */
    static IgnoreRules globs(List<String> globs) {
        return IgnoreRules.of(globs, (glob, index) -> {
            throw new SupervisorException(
                    OptionKey.IGNORE + " '" + glob + "' can't be understood (write it as in a .gitignore)");
        });
    }

    @Override
    public synchronized boolean changedBy(Path path) {
        IgnoreFiles known = IgnoreFiles.areCalled(path) ? rules.get(path.getParent()) : null;
        return readAgainIf((known != null && haveChanged(known)) || (isOnTheWay(path) && leadElsewhere()));
    }

    @Override
    public synchronized boolean lookAgain() {
        return readAgainIf(List.copyOf(rules.values()).stream().anyMatch(this::haveChanged) || leadElsewhere());
    }

    /**
     * Returns whether the rules have changed. Some tools write these files again at each build, with the same lines,
     * which does not count.
     */
    private boolean haveChanged(IgnoreFiles known) {
        if (!known.mayHaveChanged()) {
            return false;
        }
        IgnoreFiles now = read(known.directory());
        rules.put(known.directory(), now);
        return !now.saySameAs(known);
    }

    private boolean isOnTheWay(Path path) {
        return roots.stream().anyMatch(root -> root.startsWith(path));
    }

    private boolean leadElsewhere() {
        return !new WatchTargets(named).paths().equals(roots);
    }

    private boolean readAgainIf(boolean changed) {
        if (changed) {
            roots = new WatchTargets(named).paths();
            rules.clear();
            directories.clear();
        }
        return changed;
    }

    @Override
    public synchronized boolean includes(Path file) {
        return isIgnored(file, false);
    }

    /**
     * Returns whether a directory is ignored. Never true for a directory on the way to a root, even if that way leads
     * through an ignored directory.
     */
    @Override
    public synchronized boolean includesDirectory(Path directory) {
        return !isOnTheWay(directory) && isIgnoredDirectory(directory);
    }

    private boolean isIgnoredDirectory(Path directory) {
        Boolean known = directories.get(directory);
        if (known == null) {
            known = isIgnored(directory, true);
            directories.put(directory, known);
        }
        return known;
    }

    /** Returns whether a path is ignored: everything in an ignored directory is, except a root in it. */
    private boolean isIgnored(Path path, boolean directory) {
        Optional<Path> root = innermostRoot(path);
        Path parent = path.getParent();
        if (root.isEmpty() || root.get().equals(path) || parent == null) {
            return false;
        }
        return isIgnoredDirectory(parent) || isNoSource(root.get(), path, directory);
    }

    private Optional<Path> innermostRoot(Path path) {
        return roots.stream().filter(path::startsWith).max(Comparator.comparingInt(Path::getNameCount));
    }

    private boolean isNoSource(Path root, Path path, boolean directory) {
        Path name = path.getFileName();
        if (name == null) {
            return false;
        }
        String text = name.toString();
        return VERSION_CONTROL.contains(text)
                || EditorFiles.include(path)
                || outputs.contains(path)
                || isOutput(path, text)
                || isNamed(root, path, directory);
    }

    private static boolean isOutput(Path path, String name) {
        return OUTPUTS.getOrDefault(name, List.of()).stream()
                .anyMatch(config -> Files.exists(path.resolveSibling(config)));
    }

    /** Returns whether a rule ignores the path: a glob does, or else the nearest file with a matching rule decides. */
    private boolean isNamed(Path root, Path path, boolean directory) {
        Path start = here.stream().filter(path::startsWith).findFirst().orElse(root);
        if (globs.ignore(start, root, path, directory).orElse(false)) {
            return true;
        }
        for (Path base = path.getParent(); base != null; base = base.getParent()) {
            IgnoreFiles said = rules.computeIfAbsent(base, this::read);
            Optional<Boolean> ignored = said.rules().ignore(base, root, path, directory);
            if (ignored.isPresent()) {
                return ignored.get();
            }
            if (said.endRepository()) {
                return false;
            }
        }
        return false;
    }

    private IgnoreFiles read(Path directory) {
        return IgnoreFiles.in(directory, warning -> {
            if (warnings.add(warning)) {
                LOG.warn(warning);
            }
        });
    }
}
