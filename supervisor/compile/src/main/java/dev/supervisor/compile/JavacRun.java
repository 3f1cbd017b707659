package dev.supervisor.compile;

import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import dev.supervisor.compile.CompilerFiles.Made;
import dev.supervisor.compile.OriginProcessor.Origins;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of javac over some sources. Nothing of it reaches the disk. */
final class JavacRun {

    /**
     * What a run of javac has made, if it had no errors.
     *
     * @param facts of each source, without its hash
     * @param outputs by name below the output
     * @param generatedSources by name below their directory
     */
    record Result(
            CompilerMessages messages,
            Map<Path, SourceFacts> facts,
            Map<String, byte[]> outputs,
            Map<String, byte[]> generatedSources) {

        static final Result NOTHING = new Result(CompilerMessages.NONE, Map.of(), Map.of(), Map.of());
    }

    private static final Logger LOG = LoggerFactory.getLogger(JavacRun.class);

    /** Counts as a type that each source of a named module refers to: what is visible there depends on it. */
    private static final String MODULE = "module-info";

    private final JavaCompiler javac;
    private final StandardJavaFileManager standard;
    private final CompilerFiles files;
    private final Origins origins = new Origins();

    /** By source; the ones that processors have made are there by name. */
    private final Map<Object, Analyzed> analyzed = new HashMap<>();

    private static final class Analyzed {

        private final Set<String> types = new HashSet<>();
        private final References references;

        Analyzed(Trees trees) {
            this.references = new References(trees);
        }
    }

    JavacRun(JavaCompiler javac, StandardJavaFileManager standard, CompilerFiles files) {
        this.javac = javac;
        this.standard = standard;
        this.files = files;
    }

    Result compile(Collection<Path> sources, List<String> options, Optional<Processors> processors) {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        StringWriter out = new StringWriter();
        boolean good;
        try {
            JavacTask task = (JavacTask) javac.getTask(
                    out, files, diagnostics, options, null, standard.getJavaFileObjectsFromPaths(sources));
            if (processors.isPresent()) {
                task.setProcessors(noted(processors.get()));
            }
            note(task);
            good = task.call();
        } catch (IOException e) {
            return failed(CompilerMessages.ofFailure(String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException | IllegalStateException e) { // an option that it does not know
            return failed(CompilerMessages.ofFailure("javac: " + e.getMessage()));
        } catch (RuntimeException | LinkageError | StackOverflowError e) { // a bug of javac, or of a processor
            LOG.debug("javac has failed", e);
            return failed(CompilerMessages.of(diagnostics.getDiagnostics(), out.toString())
                    .with("javac has failed: " + e));
        }
        CompilerMessages messages = CompilerMessages.of(diagnostics.getDiagnostics(), out.toString());
        if (!good) {
            return failed(messages.hasErrors() ? messages : messages.with("javac has failed"));
        }
        return new Result(messages, facts(sources), contents(files.outputs()), contents(files.sources()));
    }

    private static Result failed(CompilerMessages messages) {
        return new Result(messages, Map.of(), Map.of(), Map.of());
    }

    private List<Processor> noted(Processors processors) throws IOException {
        List<Processor> made = processors.make();
        return processors.areIsolating()
                ? made.stream()
                        .<Processor>map(processor -> new OriginProcessor(processor, origins))
                        .toList()
                : made;
    }

    private void note(JavacTask task) {
        Trees trees = Trees.instance(task);
        task.addTaskListener(new TaskListener() {
            @Override
            public void finished(TaskEvent event) {
                if (event.getKind() == TaskEvent.Kind.ANALYZE && event.getTypeElement() != null) {
                    add(event, trees);
                }
            }
        });
    }

    private void add(TaskEvent event, Trees trees) {
        TypeElement type = event.getTypeElement();
        Analyzed source = analyzed.computeIfAbsent(key(event.getSourceFile()), any -> new Analyzed(trees));
        TreePath path = trees.getPath(type);
        source.references.add(event.getCompilationUnit(), path);
        if (type.getNestingKind() == NestingKind.TOP_LEVEL) {
            source.types.add(type.getQualifiedName().toString());
        }
    }

    /** Returns the path of a source, or the name of one that a processor has made. Javac wraps the files that it is given. */
    private Object key(FileObject file) {
        Path path = Path.of(file.toUri());
        return path.startsWith(files.generatedSources()) ? ClassFiles.nameOf(files.generatedSources(), path) : path;
    }

    private static Map<String, byte[]> contents(Map<String, Made> made) {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        made.forEach((name, file) -> contents.put(name, file.file().content()));
        return contents;
    }

    private static boolean isModule(Path source) {
        return source.endsWith(MODULE + JavaFileObject.Kind.SOURCE.extension);
    }

    private Map<Path, SourceFacts> facts(Collection<Path> sources) {
        boolean named = sources.stream().anyMatch(JavacRun::isModule);
        Map<String, Path> sourcesOfTypes = new HashMap<>();
        analyzed.forEach((key, source) -> {
            if (key instanceof Path path) {
                source.types.forEach(type -> sourcesOfTypes.put(type, path));
            }
        });
        Map<Path, Map<String, Made>> outputs = new HashMap<>();
        files.outputs()
                .forEach((name, made) -> origin(name, made, sourcesOfTypes)
                        .ifPresent(path -> outputs.computeIfAbsent(path, any -> new TreeMap<>())
                                .put(name, made)));
        Map<Path, Set<String>> generated = new HashMap<>();
        files.sources()
                .forEach((name, made) -> origin(name, made, sourcesOfTypes)
                        .ifPresent(path -> generated
                                .computeIfAbsent(path, any -> new TreeSet<>())
                                .add(name)));
        Map<Path, SourceFacts> facts = new HashMap<>();
        for (Path path : sources) {
            facts.put(
                    path,
                    facts(path, outputs.getOrDefault(path, Map.of()), generated.getOrDefault(path, Set.of()), named));
        }
        return facts;
    }

    /** Returns the source that a file was made of, directly or by a source that a processor has made. */
    private Optional<Path> origin(String name, Made made, Map<String, Path> sourcesOfTypes) {
        for (String type : origins.of(name)) {
            @Nullable Path path = sourcesOfTypes.get(type);
            if (path != null) {
                return Optional.of(path);
            }
        }
        if (made.origin().isEmpty()) {
            return Optional.empty();
        }
        Object key = key(made.origin().get());
        if (key instanceof Path path) {
            return Optional.of(path);
        }
        Made generated = files.sources().get((String) key);
        return generated == null ? Optional.empty() : origin((String) key, generated, sourcesOfTypes);
    }

    private SourceFacts facts(Path source, Map<String, Made> outputs, Set<String> generated, boolean named) {
        Set<String> types = new TreeSet<>();
        Set<String> references = new TreeSet<>();
        Set<String> supertypes = new TreeSet<>();
        Set<Integer> names = new TreeSet<>();
        Stream.concat(Stream.of(source), generated.stream())
                .map(analyzed::get)
                .filter(Objects::nonNull)
                .forEach(part -> {
                    types.addAll(part.types);
                    references.addAll(part.references.types());
                    supertypes.addAll(part.references.supertypes());
                    names.addAll(part.references.names());
                });
        if (isModule(source)) {
            types.add(MODULE);
        }
        if (named) {
            references.add(MODULE);
        }
        StringBuilder abi = new StringBuilder();
        Map<String, String> hashes = new TreeMap<>();
        outputs.forEach((name, made) -> {
            byte[] content = made.file().content();
            hashes.put(name, Hash.of(content));
            if (made.file().getKind() == JavaFileObject.Kind.CLASS) {
                ClassAbi.of(content).ifPresent(text -> abi.append(text).append('\n'));
            }
        });
        return new SourceFacts("", types, Hash.of(abi.toString()), references, supertypes, names, hashes, generated);
    }
}
