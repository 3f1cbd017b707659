package dev.supervisor.compile;

import dev.supervisor.SupervisorException;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A project without a build tool: one module, whose sources are in some directories. What lies beside the sources, or in a
 * directory {@code resources} next to a directory {@code java}, is a resource.
 */
public final class ProjectOfOptions implements ProjectSource {

    private static final String JAR = ".jar";

    /** Options that say where something is, which other options of the supervisor do. */
    private static final Set<String> PLACES = Set.of(
            "-cp", "-classpath", "--class-path", "-sourcepath", "--source-path", "-p", "--module-path", "-s", "-h");

    private static final String JAVA = "java";
    private static final String RESOURCES = "resources";

    /** Ways from a directory that people name as their sources to the root of packages. */
    private static final List<String> NESTED = List.of("main", "");

    private final Path directory;
    private final Path output;
    private final List<Path> libraries;
    private final List<Path> watched;
    private final List<String> options;
    private final List<Path> ownProcessorPath = new ArrayList<>();
    private final List<String> ownProcessors = new ArrayList<>();
    private final List<Path> provided;
    private Project last;

    /**
     * @param directory the working directory
     * @param output the directory of classes that is made
     * @param libraries jars, directories of classes, or directories of jars
     * @param watched directories with sources
     * @param options for javac
     * @param provided more of the class path of the compiler: what applications get from the supervisor
     */
    public ProjectOfOptions(
            Path directory,
            Path output,
            List<Path> libraries,
            List<Path> watched,
            List<String> options,
            List<Path> provided) {
        this.provided = List.copyOf(provided);
        this.directory = absolute(directory);
        this.output = absolute(output);
        this.libraries = libraries.stream().map(ProjectOfOptions::absolute).toList();
        this.watched = watched.stream().map(ProjectOfOptions::absolute).toList();
        this.options = takeProcessors(options);
        if (output.toString().endsWith(JAR)) {
            throw new SupervisorException("javac makes a directory of classes, and no jar: '" + output
                    + "' can't be what it makes (name a directory, such as build/classes)");
        }
        this.last = project();
    }

    /** Returns the options without the ones that the compiler is told in another way. */
    private List<String> takeProcessors(List<String> given) {
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            String option = given.get(i);
            if (PLACES.contains(option)) {
                throw new SupervisorException(
                        "javac in this JVM takes no " + option + ": name libraries by --lib, and sources by --watch");
            }
            boolean path = option.equals("-processorpath") || option.equals("--processor-path");
            if (!path && !option.equals("-processor")) {
                rest.add(option);
                continue;
            }
            if (++i == given.size()) {
                throw new SupervisorException("javac's option " + option + " needs a value");
            }
            if (path) {
                for (String entry : given.get(i).split(File.pathSeparator)) {
                    ownProcessorPath.add(absolute(Path.of(entry)));
                }
            } else {
                ownProcessors.addAll(List.of(given.get(i).split(",")));
            }
        }
        return rest;
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    @Override
    public Project read() {
        last = project();
        return last;
    }

    @Override
    public boolean isOutdated() {
        return !project().equals(last);
    }

    @Override
    public Delegate delegate() {
        return Delegate.none();
    }

    private Project project() {
        List<Path> roots = new ArrayList<>();
        List<Project.Resources> resources = new ArrayList<>();
        for (Path path : watched) {
            addRoot(path, roots, resources);
        }
        List<Path> alsoWatched = new ArrayList<>(watched);
        alsoWatched.addAll(libraries);
        List<Path> classPath = new ArrayList<>();
        libraries.forEach(library -> classPath.addAll(expand(library)));
        classPath.addAll(provided);
        List<Path> processorPath = ownProcessorPath.isEmpty() ? processors(classPath) : ownProcessorPath;
        Project.Module module = new Project.Module(
                String.valueOf(output.getFileName()),
                directory,
                roots,
                output,
                state(output).resolve("generated"),
                classPath,
                processorPath,
                ownProcessors,
                options,
                resources,
                alsoWatched,
                "",
                "");
        return new Project(directory, output, libraries, List.of(), List.of(module));
    }

    /** Returns the directory, beside the classes, where the compiler keeps what it knows. */
    public static Path state(Path output) {
        Path place = absolute(output);
        return place.resolveSibling(place.getFileName() + ".supervisor");
    }

    private static void addRoot(Path path, List<Path> roots, List<Project.Resources> resources) {
        for (String way : NESTED) {
            Path sources = path.resolve(way).resolve(JAVA);
            if (Files.isDirectory(sources)) {
                roots.add(sources);
                resources.add(new Project.Resources(sources.resolveSibling(RESOURCES), ""));
                return;
            }
        }
        roots.add(path);
        resources.add(new Project.Resources(path, ""));
    }

    /** Returns the class path if processors are on it, where javac looks for them without being told. */
    private List<Path> processors(List<Path> classPath) {
        try {
            return options.contains("-proc:none") || !Processors.areIn(classPath) ? List.of() : classPath;
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Returns the jars in a directory, or the library itself. */
    private static List<Path> expand(Path library) {
        List<Path> jars = new ArrayList<>();
        if (Files.isDirectory(library)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(library, "*" + JAR)) {
                found.forEach(jars::add);
            } catch (IOException e) {
                return List.of(library);
            }
        }
        jars.sort(null);
        return jars.isEmpty() ? List.of(library) : jars;
    }
}
