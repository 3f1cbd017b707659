package dev.supervisor.compile;

import dev.supervisor.compile.Project.Module;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.tools.JavaCompiler;

/**
 * Compiles the sources of one module that have changed, and the ones whose compilation may end differently by that.
 *
 * <p>Nothing counts before it is {@linkplain #accept accepted}: if a later module fails, this one is compared with the same
 * former state again. Not thread-safe.
 */
final class ModuleCompiler implements Closeable {

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

    private static final String SOURCE = ".java";

    private final Module module;
    private final Conditions conditions;
    private final FileTree sources;
    private final ResourceCopies resources;
    private final ForeignClasses foreign;
    private ModuleGraph graph;
    private ClassFiles classes;

    /** The identity of the output, as it was last written; empty if that is not known. */
    private Optional<Object> place;

    /**
     * @param inMemory the directories of classes that other modules have in memory, with the places of their copies for javac's
     *     module path
     * @param graph as it was when the output was last written
     */
    ModuleCompiler(JavaCompiler javac, Module module, Map<Path, Path> inMemory, ModuleGraph graph) throws IOException {
        this.module = module;
        this.conditions = new Conditions(javac, module, inMemory);
        this.sources =
                new FileTree(module.sourceRoots(), file -> file.toString().endsWith(SOURCE));
        this.resources = new ResourceCopies(module.resources(), module.sourceRoots());
        this.foreign = new ForeignClasses(conditions.foreignDirectories());
        this.classes = ClassFiles.read(module.output());
        this.graph = graph.forgetting(touchedByOthers(graph), resourcesThatAreGone(graph));
        this.place = key(module.output());
    }

    private static Optional<Object> key(Path directory) {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(directory, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Someone has deleted the output ({@code mvn clean}), and perhaps made it again: what is not there is made again, too. */
    private void lookAtOutputIfReplaced() throws IOException {
        if (place.isPresent() && !key(module.output()).equals(place)) {
            classes = ClassFiles.read(module.output());
            graph = graph.forgetting(touchedByOthers(graph), resourcesThatAreGone(graph));
            place = Optional.empty();
        }
    }

    /** Called when what was accepted is on the disk. */
    void written() {
        place = key(module.output());
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
        String name = output.getKey();
        return name.endsWith(".class")
                ? !classes.content(name).map(Hash::of).equals(Optional.of(output.getValue()))
                : isGone(name);
    }

    private boolean isGone(String output) {
        return Files.notExists(module.output().resolve(output));
    }

    private List<String> resourcesThatAreGone(ModuleGraph known) {
        return known.resources().keySet().stream().filter(this::isGone).toList();
    }

    Module module() {
        return module;
    }

    /** Returns the state as it was last accepted. */
    ModuleGraph graph() {
        return graph;
    }

    /** Returns whether it is a module of the Java language, too. */
    boolean isNamed() {
        return conditions.isNamed();
    }

    /**
     * Compiles what is out of date.
     *
     * @param upstream what has changed in modules before this one
     * @param others the classes of these
     * @return which has errors, or can be accepted
     */
    Proposal propose(Upstream upstream, List<ClassFiles> others) throws IOException {
        lookAtOutputIfReplaced();
        String fingerprint = conditions.look();
        ResourceCopies.Plan copies = resources.plan(graph.resources());
        Map<Path, String> foreignNow = foreign.look();
        Set<String> foreignTypes = foreign.differences(graph.foreign(), foreignNow);
        Compilation compilation =
                new Compilation(conditions, graph, classes, others, sources.hashes(), upstream.and(foreignTypes));
        boolean sameConditions = fingerprint.equals(graph.fingerprint());
        if (compilation.isUpToDate(sameConditions)) {
            return new Proposal(
                    CompilerMessages.NONE,
                    graph.with(fingerprint, copies.hashes(), foreignNow),
                    classes,
                    copies.changes(),
                    Map.of(),
                    compilation.downstream(),
                    "",
                    false);
        }
        CompilerMessages messages = sameConditions ? compilation.run() : compilation.runForAll();
        if (messages.hasErrors()) {
            return new Proposal(messages, graph, classes, Map.of(), Map.of(), Upstream.NONE, "", true);
        }
        return accepted(
                messages,
                compilation,
                new ModuleGraph(
                        fingerprint,
                        compilation.facts(path -> sources.isAsLastSeen(path)),
                        compilation.sharedOutputs(),
                        copies.hashes(),
                        foreignNow),
                copies);
    }

    private Proposal accepted(
            CompilerMessages messages, Compilation compilation, ModuleGraph next, ResourceCopies.Plan copies) {
        Map<String, Optional<byte[]>> changes = new TreeMap<>(compilation.outputs());
        ClassFiles nextClasses = classes.with(changes);
        changes.putAll(copies.changes());
        return new Proposal(
                messages,
                next,
                nextClasses,
                changes,
                compilation.generatedSources(),
                compilation.downstream(),
                compilation.note(),
                compilation.hasEmptySource());
    }

    void accept(Proposal proposal) {
        graph = proposal.graph();
        classes = proposal.classes();
    }

    @Override
    public void close() throws IOException {
        conditions.close();
    }
}
