package dev.supervisor.compile;

import dev.supervisor.SupervisorException;
import dev.supervisor.compile.Project.Module;
import dev.supervisor.compile.Project.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compiles the modules of a project, in order, all of them or none. Belongs to the thread that builds. */
final class ProjectCompiler implements AutoCloseable {

    /**
     * How it ended.
     *
     * @param summary of a failure, in one line
     * @param directory where relative names in messages begin
     * @param notes what was done, and by what
     * @param changes to files of the outputs: contents; empty for a file that is gone
     * @param written the outputs to which the build tool has written, too
     * @param doubtful whether a source has nothing in it, as if it were about to be written
     */
    record Result(
            CompilerMessages messages,
            String summary,
            Path directory,
            List<String> notes,
            Map<Path, Optional<byte[]>> changes,
            Set<Path> written,
            boolean doubtful) {}

    private static final Logger LOG = LoggerFactory.getLogger(ProjectCompiler.class);

    private final JavaCompiler javac;
    private final ProjectSource source;
    private final Path graphs;
    private final GraphWriter graphFiles = new GraphWriter();
    private volatile Project project;

    /** By name, in the order of the project. */
    private Map<String, ModuleCompiler> compilers = new LinkedHashMap<>();

    /** By the outputs of the modules. */
    private final Map<Path, StagedClasses> staged = new HashMap<>();

    private final Map<Path, Path> stagePlaces = new HashMap<>();

    /** The outputs to which the build tool has written in this build. */
    private final Set<Path> preparedNow = new LinkedHashSet<>();

    private Map<String, DelegatedModule> delegated = new HashMap<>();
    private boolean opened;
    private Consumer<Project> onProject = any -> {};

    /** Whether the project could not be resolved when it was last tried. */
    private boolean unresolved;

    /**
     * Reads the project; its modules are read when it is first compiled.
     *
     * @param graphs the directory where the state of modules is kept
     * @throws SupervisorException if there is no project, or if this JVM has no compiler
     */
    ProjectCompiler(ProjectSource source, Path graphs) {
        this.source = source;
        this.graphs = graphs;
        this.javac = Optional.ofNullable(ToolProvider.getSystemJavaCompiler())
                .orElseThrow(() -> new SupervisorException(
                        "this Java has no compiler: run the supervisor with a JDK (is JAVA_HOME one?)"));
        try {
            this.project = source.read();
        } catch (IOException e) {
            throw new SupervisorException("can't read the project: " + e.getMessage(), e);
        }
    }

    /** Returns the project as it was last read. From any thread. */
    Project project() {
        return project;
    }

    /** Calls this with the project now, and whenever it has been read anew. Called before anything is compiled. */
    void onProject(Consumer<Project> observer) {
        onProject = onProject.andThen(observer);
        observer.accept(project);
    }

    /** Keeps what is known of modules that are as before. */
    private void open() throws IOException {
        Map<String, ModuleCompiler> next = new LinkedHashMap<>();
        Map<String, DelegatedModule> nextDelegated = new HashMap<>();
        stagePlaces.clear();
        for (Module module : project.modules()) {
            if (module.isDelegated() || module.isPrepared()) {
                DelegatedModule known = delegated.get(module.name());
                nextDelegated.put(
                        module.name(),
                        known != null && known.isFor(module) ? known : new DelegatedModule(module, project.builtAt()));
            }
            if (module.isDelegated()) {
                continue;
            }
            ModuleCompiler known = compilers.remove(module.name());
            if (known != null && known.module().equals(module)) {
                next.put(module.name(), known);
            } else {
                ModuleGraph graph =
                        known != null ? known.graph() : graphFile(module).read();
                next.put(module.name(), new ModuleCompiler(javac, module, Map.copyOf(stagePlaces), graph));
            }
            stagePlaces.put(module.output(), graphs.resolve(module.name() + ".classes"));
        }
        for (ModuleCompiler former : compilers.values()) {
            former.close();
        }
        compilers = next;
        delegated = nextDelegated;
    }

    private GraphFile graphFile(Module module) {
        return new GraphFile(graphs.resolve(module.name() + ".graph.json"));
    }

    /**
     * Builds what is out of date.
     *
     * @param said hears what takes long, before it begins
     */
    Result compile(Consumer<String> said) throws IOException, InterruptedException {
        List<String> notes = new ArrayList<>();
        if (unresolved || source.isOutdated()) {
            Delegate.Answer answer = source.delegate().resolve();
            unresolved = !answer.good();
            if (unresolved) {
                return failed(answer, "the project can't be read", project.directory());
            }
            project = source.read();
            delegated.clear(); // what describes the project may change what they are made of
            opened = false;
            onProject.accept(project);
            notes.add("the project was read anew");
        }
        if (!opened) {
            open();
            opened = true;
        }
        Optional<Result> unprepared = prepare(said);
        return unprepared.isPresent() ? unprepared.get() : compileModules(notes, said);
    }

    /** Has the tool do what comes before javac, and returns its failure. Source roots may be added by that. */
    private Optional<Result> prepare(Consumer<String> said) throws IOException {
        preparedNow.clear();
        for (Module module : project.modules()) {
            if (module.isPrepared() && !module.isDelegated()) {
                DelegatedModule byTool = Objects.requireNonNull(delegated.get(module.name()));
                if (byTool.isOutOfDate()) {
                    said.accept(module.name() + ": the build tool prepares it, since " + module.prepared());
                    Delegate.Answer answer = source.delegate().prepare(module.name());
                    if (!answer.good()) {
                        return Optional.of(
                                failed(answer, "the build of " + module.name() + " has failed", module.directory()));
                    }
                    byTool.built();
                    preparedNow.add(module.output());
                }
            }
        }
        if (!preparedNow.isEmpty()) {
            project = source.read();
            open();
            onProject.accept(project);
        }
        return Optional.empty();
    }

    private static Result failed(Delegate.Answer answer, String summary, Path directory) {
        CompilerMessages messages = CompilerMessages.NONE;
        for (String line : answer.lines()) {
            messages = messages.with(line);
        }
        return new Result(
                messages.hasErrors() ? messages : messages.with(summary),
                summary,
                directory,
                List.of(),
                Map.of(),
                Set.of(),
                true);
    }

    private Result compileModules(List<String> notes, Consumer<String> said) throws IOException, InterruptedException {
        Map<ModuleCompiler, ModuleCompiler.Proposal> proposals = new LinkedHashMap<>();
        OutputFiles outputs = new OutputFiles();
        Upstream upstream = Upstream.NONE;
        List<ClassFiles> before = new ArrayList<>();
        CompilerMessages messages = CompilerMessages.NONE;
        boolean doubtful = false;
        for (Module module : project.modules()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("the build has been ended");
            }
            if (module.isDelegated()) {
                DelegatedModule byTool = Objects.requireNonNull(delegated.get(module.name()));
                if (byTool.isOutOfDate()) {
                    said.accept(module.name() + ": the build tool builds it, since " + module.delegated());
                    outputs.write(); // the tool sees the disk only
                    Delegate.Answer answer = source.delegate().execute(module.name());
                    if (!answer.good()) {
                        return failed(answer, "the build of " + module.name() + " has failed", module.directory());
                    }
                    byTool.built();
                }
                continue;
            }
            ModuleCompiler compiler = Objects.requireNonNull(compilers.get(module.name()));
            if (compiler.isNamed()) {
                stage(before);
            }
            ModuleCompiler.Proposal proposal = compiler.propose(upstream, visible(module, before));
            messages = messages.and(proposal.messages());
            if (proposal.messages().hasErrors()) {
                return new Result(messages, messages.summary(), module.directory(), notes, Map.of(), Set.of(), true);
            }
            if (!proposal.note().isEmpty()) {
                notes.add(module.name() + ": " + proposal.note());
            }
            doubtful |= proposal.doubtful();
            proposals.put(compiler, proposal);
            upstream = proposal.downstream();
            before.add(proposal.classes());
            outputs.add(module.output(), proposal.changes());
            outputs.add(module.generatedSources(), proposal.generated());
        }
        outputs.write();
        accept(proposals);
        return new Result(
                messages, "", project.directory(), notes, outputs.changes(), Set.copyOf(preparedNow), doubtful);
    }

    private void stage(List<ClassFiles> classes) throws IOException {
        for (ClassFiles each : classes) {
            StagedClasses copy = staged.get(each.directory());
            if (copy == null) {
                copy = new StagedClasses(Objects.requireNonNull(stagePlaces.get(each.directory())));
                staged.put(each.directory(), copy);
            }
            copy.write(each);
        }
    }

    private static List<ClassFiles> visible(Module module, List<ClassFiles> before) {
        Map<Path, ClassFiles> byDirectory = new HashMap<>();
        before.forEach(classes -> byDirectory.put(classes.directory(), classes));
        return module.classPath().stream()
                .map(byDirectory::get)
                .filter(Objects::nonNull)
                .toList();
    }

    private void accept(Map<ModuleCompiler, ModuleCompiler.Proposal> proposals) {
        proposals.forEach((compiler, proposal) -> {
            if (proposal.graph() != compiler.graph()) {
                graphFiles.write(graphFile(compiler.module()), proposal.graph());
            }
            compiler.accept(proposal);
            compiler.written();
        });
    }

    /** Waits until what is known of the modules is on the disk, and closes their class paths. */
    @Override
    public void close() {
        graphFiles.close();
        for (ModuleCompiler compiler : compilers.values()) {
            try {
                compiler.close();
            } catch (IOException e) {
                LOG.debug("can't close a class path", e);
            }
        }
    }

    /** Returns what to watch: all that a build may depend on. */
    static List<Path> sourcesOf(Project project) {
        Set<Path> sources = new LinkedHashSet<>(project.descriptors());
        for (Module module : project.modules()) {
            module.sourceRoots().stream()
                    .filter(root -> !(module.isDelegated() || module.isPrepared()) || !module.isMade(root))
                    .forEach(sources::add);
            module.resources().stream().map(Resources::directory).forEach(sources::add);
            sources.addAll(module.watched());
        }
        return List.copyOf(sources);
    }

    /** Returns the files that builds write. */
    static List<Path> outputsOf(Project project) {
        Set<Path> outputs = new LinkedHashSet<>();
        for (Module module : project.modules()) {
            outputs.add(module.output());
            outputs.add(module.generatedSources());
        }
        return List.copyOf(outputs);
    }
}
