package dev.supervisor.compile;

import dev.supervisor.compile.Project.Module;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the sources of one module that have changed, and the ones whose compilation may end differently by that.
 *
 * <p>Nothing counts before it is {@linkplain #accept accepted}: if a later module fails, this one is compared with the same
 * former state again. Not thread-safe.
 */
final class ModuleCompiler implements Closeable {

    /**
     * What has changed in modules before this one.
     *
     * @param types qualified names of top-level types
     * @param names the hashes of the simple names of new types
     */
    record Upstream(Set<String> types, Set<Integer> names) {

        static final Upstream NONE = new Upstream(Set.of(), Set.of());

        Upstream and(Set<String> moreTypes, Set<Integer> moreNames) {
            Set<String> allTypes = new HashSet<>(types);
            allTypes.addAll(moreTypes);
            Set<Integer> allNames = new HashSet<>(names);
            allNames.addAll(moreNames);
            return new Upstream(allTypes, allNames);
        }
    }

    /**
     * The next state of the module.
     *
     * @param changes to the output: contents by name; empty for a file that is gone
     * @param generated sources likewise, below their directory
     * @param downstream what has changed for the next modules
     * @param note what was compiled, in words; empty if nothing was
     * @param doubtful whether a source that was compiled has nothing in it, as if it were about to be written
     */
    record Proposal(
            CompilerMessages messages,
            ModuleGraph graph,
            ClassFiles classes,
            Map<String, Optional<byte[]>> changes,
            Map<String, Optional<byte[]>> generated,
            Upstream downstream,
            String note,
            boolean doubtful) {}

    private static final String MODULE_INFO = "module-info.java";
    private static final String SOURCE = ".java";
    private static final String EMPTY = Hash.of("");

    private final JavaCompiler javac;
    private final Module module;
    private final FileTree sources;
    private final ResourceCopies resources;
    private final ForeignClasses foreign;
    private final List<Path> jars;
    private final List<Path> modulePath;
    private ModuleGraph graph;
    private ClassFiles classes;

    /** Reads jars, whose directories it keeps. Made anew when a jar has changed. */
    private @Nullable StandardJavaFileManager standard;

    private Optional<Processors> processors = Optional.empty();
    private String fingerprint = "";

    /**
     * @param inMemory the directories of classes that other modules have in memory, with the places of their copies for javac's
     *     module path
     * @param graph as it was when the output was last written
     */
    ModuleCompiler(JavaCompiler javac, Module module, Map<Path, Path> inMemory, ModuleGraph graph) throws IOException {
        this.javac = javac;
        this.module = module;
        this.sources =
                new FileTree(module.sourceRoots(), file -> file.toString().endsWith(SOURCE));
        this.resources = new ResourceCopies(module.resources(), module.sourceRoots());
        this.foreign = new ForeignClasses(module.classPath().stream()
                .filter(entry -> Files.isDirectory(entry) && !inMemory.containsKey(entry))
                .toList());
        this.jars = module.classPath().stream()
                .filter(entry -> !inMemory.containsKey(entry))
                .toList();
        this.modulePath = module.classPath().stream()
                .map(entry -> inMemory.getOrDefault(entry, entry))
                .toList();
        this.classes = ClassFiles.read(module.output());
        this.graph = graph.forgetting(touchedByOthers(graph));
    }

    /** Returns the sources whose outputs are not as they were written. */
    private List<Path> touchedByOthers(ModuleGraph known) {
        return known.sources().entrySet().stream()
                .filter(source ->
                        source.getValue().outputs().entrySet().stream().anyMatch(this::differs))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean differs(Map.Entry<String, String> output) {
        return output.getKey().endsWith(".class")
                && !classes.content(output.getKey()).map(Hash::of).equals(Optional.of(output.getValue()));
    }

    Module module() {
        return module;
    }

    /** Returns the classes as they were last accepted. */
    ClassFiles classes() {
        return classes;
    }

    ModuleGraph graph() {
        return graph;
    }

    /**
     * Compiles what is out of date.
     *
     * @param upstream what has changed in modules before this one
     * @param others the classes of these
     * @return which has errors, or can be accepted
     */
    Proposal propose(Upstream upstream, List<ClassFiles> others) throws IOException {
        String now = openIfChanged();
        ResourceCopies.Plan copies = resources.plan(graph.resources());
        Map<Path, String> foreignNow = foreign.look();
        Set<String> foreignTypes = foreign.differences(graph.foreign(), foreignNow);
        boolean everything = !now.equals(graph.fingerprint());
        return new Turn(everything, upstream.and(foreignTypes, simpleNames(foreignTypes)), others)
                .propose(now, copies, foreignNow);
    }

    void accept(Proposal proposal) {
        graph = proposal.graph();
        classes = proposal.classes();
    }

    /** Opens the class path if it has changed, and returns what each source is compiled with. */
    private String openIfChanged() throws IOException {
        StringBuilder all = new StringBuilder();
        all.append(Runtime.version()).append(isNamed()).append(module.options()).append(module.processors());
        for (Path root : module.sourceRoots()) {
            all.append('\n').append(root);
        }
        for (Path entry : module.classPath()) {
            all.append('\n').append(entry).append(stampOf(entry));
        }
        for (Path entry : module.processorPath()) {
            all.append('\n').append(entry).append(stampOf(entry));
        }
        String next = Hash.of(all.toString());
        if (standard == null || !next.equals(fingerprint)) {
            close();
            fingerprint = next;
            standard = open();
            processors = module.processorPath().isEmpty()
                    ? Optional.empty()
                    : Optional.of(Processors.open(module.processorPath(), module.processors()))
                            .filter(found -> !found.isEmpty());
        }
        return next;
    }

    /** The classes of a directory are compared one by one. */
    private static String stampOf(Path entry) throws IOException {
        if (!Files.isRegularFile(entry)) {
            return "";
        }
        Stamp stamp = Stamp.of(entry);
        return " " + stamp.size() + " " + stamp.modified().toMillis();
    }

    private StandardJavaFileManager open() throws IOException {
        StandardJavaFileManager manager = javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
        List<Path> there = jars.stream().filter(Files::exists).toList();
        manager.setLocationFromPaths(StandardLocation.CLASS_PATH, there);
        if (!isNamed()) {
            manager.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of()); // by default that is the class path
        } else {
            manager.setLocationFromPaths(
                    StandardLocation.MODULE_PATH,
                    modulePath.stream().filter(Files::exists).toList());
        }
        return manager;
    }

    /** Returns whether it is a module of the Java language, too. */
    boolean isNamed() {
        return module.sourceRoots().stream().anyMatch(root -> Files.exists(root.resolve(MODULE_INFO)));
    }

    private static Set<Integer> simpleNames(Collection<String> types) {
        return types.stream()
                .map(type -> type.substring(type.lastIndexOf('.') + 1).hashCode())
                .collect(Collectors.toSet());
    }

    @Override
    public void close() throws IOException {
        if (standard != null) {
            standard.close();
        }
        standard = null;
        if (processors.isPresent()) {
            processors.get().close();
        }
        processors = Optional.empty();
    }

    /** One attempt, which compiles more and more sources until no other one depends on what has changed. */
    private final class Turn {

        private final boolean everything;
        private final List<ClassFiles> others;
        private final Set<String> changedTypes;
        private final Set<Integer> newNames;
        private final Map<Path, String> there;
        private final Set<Path> removed;
        private final Set<Path> todo = new TreeSet<>();

        Turn(boolean changedConditions, Upstream upstream, List<ClassFiles> others) throws IOException {
            this.others = others;
            this.there = sources.hashes();
            this.removed = new TreeSet<>(graph.sources().keySet());
            removed.removeAll(there.keySet());
            this.changedTypes = new HashSet<>(upstream.types());
            this.newNames = new HashSet<>(upstream.names());
            removed.forEach(path -> changedTypes.addAll(facts(path).types()));
            there.forEach(this::addIfChanged);
            todo.addAll(affected());
            boolean all = !todo.isEmpty() || !removed.isEmpty();
            this.everything = changedConditions
                    || (all && processors.filter(found -> !found.areIsolating()).isPresent());
            if (everything) {
                todo.addAll(there.keySet());
            } else if (!todo.isEmpty()) {
                addModuleInfo();
            }
        }

        private SourceFacts facts(Path path) {
            return Objects.requireNonNull(graph.sources().get(path));
        }

        private void addIfChanged(Path path, String hash) {
            SourceFacts known = graph.sources().get(path);
            if (known == null) {
                String name = String.valueOf(path.getFileName());
                newNames.add(name.substring(0, name.length() - SOURCE.length()).hashCode());
            }
            if (known == null || !known.hash().equals(hash)) {
                todo.add(path);
            }
        }

        /** Without it javac would take the sources for ones of no module. */
        private void addModuleInfo() {
            there.keySet().stream().filter(path -> path.endsWith(MODULE_INFO)).forEach(todo::add);
        }

        Proposal propose(String fingerprint, ResourceCopies.Plan copies, Map<Path, String> foreignNow)
                throws IOException {
            if (todo.isEmpty() && removed.isEmpty()) {
                ModuleGraph next =
                        new ModuleGraph(fingerprint, graph.sources(), graph.outputs(), copies.hashes(), foreignNow);
                return new Proposal(
                        CompilerMessages.NONE,
                        next,
                        classes,
                        copies.changes(),
                        Map.of(),
                        new Upstream(changedTypes, newNames),
                        "",
                        false);
            }
            int rounds = 0;
            while (true) {
                rounds++;
                Set<String> hidden = outputsOf(todo);
                hidden.addAll(outputsOf(removed));
                JavacRun.Result result = run(hidden);
                if (result.messages().hasErrors()) {
                    return new Proposal(result.messages(), graph, classes, Map.of(), Map.of(), Upstream.NONE, "", true);
                }
                if (everything || !addMore(result)) {
                    return proposal(result, hidden, fingerprint, copies, foreignNow, rounds);
                }
            }
        }

        private Set<String> outputsOf(Collection<Path> paths) {
            Set<String> outputs = new HashSet<>();
            paths.forEach(path -> Optional.ofNullable(graph.sources().get(path))
                    .ifPresent(known -> outputs.addAll(known.outputs().keySet())));
            return outputs;
        }

        private JavacRun.Result run(Set<String> hidden) throws IOException {
            if (todo.isEmpty()) {
                return new JavacRun.Result(CompilerMessages.NONE, Map.of(), Map.of(), Map.of());
            }
            StandardJavaFileManager manager = Objects.requireNonNull(standard);
            CompilerFiles files =
                    new CompilerFiles(manager, module.generatedSources(), classes.without(hidden), others);
            List<String> options = new ArrayList<>(JavacOptions.of(module.options()));
            if (processors.isEmpty()) {
                options.add("-proc:none");
            }
            return new JavacRun(javac, manager, files).compile(todo, options, processors);
        }

        /** Adds the sources that depend on what has changed, and returns whether there were any. */
        private boolean addMore(JavacRun.Result result) {
            Map<String, Path> owners = new HashMap<>();
            graph.sources().forEach((path, known) -> {
                if (there.containsKey(path)) {
                    known.types().forEach(type -> owners.put(type, path));
                }
            });
            boolean added = false;
            for (Map.Entry<Path, SourceFacts> made : result.facts().entrySet()) {
                SourceFacts known = graph.sources().get(made.getKey());
                Set<String> before = known == null ? Set.of() : known.types();
                Set<String> now = made.getValue().types();
                if (known == null || !known.abi().equals(made.getValue().abi()) || !before.equals(now)) {
                    changedTypes.addAll(before);
                    changedTypes.addAll(now);
                }
                Set<String> fresh = new HashSet<>(now);
                fresh.removeAll(before);
                newNames.addAll(simpleNames(fresh));
                for (String type : now) { // another source that has it must be complained about, or no longer have it
                    Path owner = owners.get(type);
                    added |= owner != null && todo.add(owner);
                }
            }
            return todo.addAll(affected()) || added;
        }

        /** Returns the sources that may depend on what has changed. */
        private Set<Path> affected() {
            if (changedTypes.isEmpty() && newNames.isEmpty()) {
                return Set.of();
            }
            addSubtypes();
            Set<Path> affected = new HashSet<>();
            Set<Path> generating = new HashSet<>();
            graph.sources().forEach((path, known) -> {
                if (!there.containsKey(path)) {
                    return;
                }
                if (meets(known.references(), changedTypes) || meets(known.names(), newNames)) {
                    affected.add(path);
                } else if (!known.generated().isEmpty()) {
                    generating.add(path);
                }
            });
            if (!generating.isEmpty()) {
                affected.addAll(reaching(generating));
            }
            return affected;
        }

        /** A type changes with what it inherits. */
        private void addSubtypes() {
            boolean grew = !changedTypes.isEmpty();
            while (grew) {
                grew = false;
                for (SourceFacts known : graph.sources().values()) {
                    if (meets(known.supertypes(), changedTypes)) {
                        grew |= changedTypes.addAll(known.types());
                    }
                }
            }
        }

        /** Returns the sources that lead to a changed type: a processor may look at all that a source leads to. */
        private Set<Path> reaching(Set<Path> from) {
            Map<String, Set<String>> references = new HashMap<>();
            graph.sources()
                    .values()
                    .forEach(known -> known.types().forEach(type -> references.put(type, known.references())));
            Set<Path> found = new HashSet<>();
            for (Path path : from) {
                Set<String> seen = new HashSet<>(facts(path).references());
                List<String> next = new ArrayList<>(seen);
                while (!next.isEmpty() && !meets(seen, changedTypes)) {
                    List<String> further = new ArrayList<>();
                    for (String type : next) {
                        references.getOrDefault(type, Set.of()).stream()
                                .filter(seen::add)
                                .forEach(further::add);
                    }
                    next = further;
                }
                if (meets(seen, changedTypes)) {
                    found.add(path);
                }
            }
            return found;
        }

        private static <T> boolean meets(Set<T> some, Set<T> others) {
            Set<T> smaller = some.size() < others.size() ? some : others;
            Set<T> larger = smaller == some ? others : some;
            return smaller.stream().anyMatch(larger::contains);
        }

        private Proposal proposal(
                JavacRun.Result result,
                Set<String> hidden,
                String fingerprint,
                ResourceCopies.Plan copies,
                Map<Path, String> foreignNow,
                int rounds) {
            Map<Path, SourceFacts> facts = new TreeMap<>(graph.sources());
            facts.keySet().removeAll(removed);
            result.facts().forEach((path, made) -> facts.put(path, made.withHash(hashOf(path))));
            Set<String> owned = new HashSet<>();
            facts.values().forEach(each -> owned.addAll(each.outputs().keySet()));
            Map<String, String> shared = new TreeMap<>(everything ? Map.of() : graph.outputs());
            Map<String, Optional<byte[]>> changes = new TreeMap<>();
            hidden.forEach(name -> changes.put(name, Optional.empty()));
            graph.outputs().keySet().stream()
                    .filter(name -> !shared.containsKey(name))
                    .forEach(name -> changes.put(name, Optional.empty()));
            result.outputs().forEach((name, content) -> {
                changes.put(name, Optional.of(content));
                if (!owned.contains(name)) {
                    shared.put(name, Hash.of(content));
                }
            });
            changes.entrySet().removeIf(change -> isSame(change.getKey(), change.getValue()));
            ClassFiles next = classes.with(changes);
            changes.putAll(copies.changes());
            return new Proposal(
                    result.messages(),
                    new ModuleGraph(fingerprint, facts, shared, copies.hashes(), foreignNow),
                    next,
                    changes,
                    generated(result),
                    new Upstream(changedTypes, newNames),
                    note(rounds),
                    todo.stream().anyMatch(path -> EMPTY.equals(there.get(path))));
        }

        private String hashOf(Path path) {
            return there.getOrDefault(path, "");
        }

        private boolean isSame(String name, Optional<byte[]> content) {
            Optional<byte[]> before = classes.content(name);
            return before.isPresent() && content.isPresent() && Arrays.equals(before.get(), content.get());
        }

        private Map<String, Optional<byte[]>> generated(JavacRun.Result result) {
            Map<String, Optional<byte[]>> changes = new TreeMap<>();
            for (Path path : graph.sources().keySet()) {
                if (todo.contains(path) || removed.contains(path)) {
                    facts(path).generated().forEach(name -> changes.put(name, Optional.empty()));
                }
            }
            result.generatedSources().forEach((name, content) -> changes.put(name, Optional.of(content)));
            return changes;
        }

        private String note(int rounds) {
            String what = todo.size() + " of " + there.size() + (there.size() == 1 ? " source" : " sources");
            boolean byProcessors = everything
                    && !graph.sources().isEmpty()
                    && processors.filter(found -> !found.areIsolating()).isPresent();
            return what
                    + (rounds > 1 ? " in " + rounds + " rounds" : "")
                    + (byProcessors ? ", since an annotation processor looks at all of them" : "");
        }
    }
}
