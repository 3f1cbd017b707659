package dev.supervisor.compile;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A project as its build tool knows it. All paths are absolute.
 *
 * @param directory of the build; messages name files relative to it
 * @param app the directory of classes of the application
 * @param libraries the rest of the class path at run time: jars, and the directories of classes of other modules
 * @param descriptors the files that describe the build ({@code pom.xml}); after a change of one, the tool is asked to resolve
 *     the project anew
 * @param modules in the order in which they are built
 * @param builtAt when the tool began to build all modules, in milliseconds since 1970; 0 if it has not built them
 */
public record Project(
        Path directory, Path app, List<Path> libraries, List<Path> descriptors, List<Module> modules, long builtAt) {

    /**
     * Sources that are compiled together.
     *
     * @param name unique in the project
     * @param directory relative names in messages of the tool begin here
     * @param sourceRoots directories of packages; need not exist
     * @param output the directory of classes
     * @param generatedSources where annotation processors put sources
     * @param classPath for the compiler: jars, and directories of classes of modules before this one
     * @param processorPath the class path of annotation processors; empty if none run
     * @param processors the class names of annotation processors; empty for all that the path names
     * @param options for javac, without the ones that the other components stand for
     * @param watched files and directories besides source roots and resources whose changes may matter to the tool
     * @param prepared why the build tool has to do something before javac compiles the sources: it makes sources, and all of the
     *     resources; empty if it has not
     * @param delegated why only the build tool can build this module, all of it; empty if javac can compile it
     * @param testing null if its tests are not run
     */
    public record Module(
            String name,
            Path directory,
            List<Path> sourceRoots,
            Path output,
            Path generatedSources,
            List<Path> classPath,
            List<Path> processorPath,
            List<String> processors,
            List<String> options,
            List<Resources> resources,
            List<Path> watched,
            String prepared,
            String delegated,
            @Nullable Tests testing) {
        public Module {
            sourceRoots = List.copyOf(sourceRoots);
            classPath = List.copyOf(classPath);
            processorPath = List.copyOf(processorPath);
            processors = List.copyOf(processors);
            options = List.copyOf(options);
            resources = List.copyOf(resources);
            watched = List.copyOf(watched);
            prepared = Objects.requireNonNullElse(prepared, ""); // written by hand, or by a script
        }

        public Module(
                String name,
                Path directory,
                List<Path> sourceRoots,
                Path output,
                Path generatedSources,
                List<Path> classPath,
                List<Path> processorPath,
                List<String> processors,
                List<String> options,
                List<Resources> resources,
                List<Path> watched,
                String prepared,
                String delegated) {
            this(
                    name,
                    directory,
                    sourceRoots,
                    output,
                    generatedSources,
                    classPath,
                    processorPath,
                    processors,
                    options,
                    resources,
                    watched,
                    prepared,
                    delegated,
                    null);
        }

        public Module with(Tests tests) {
            return new Module(
                    name,
                    directory,
                    sourceRoots,
                    output,
                    generatedSources,
                    classPath,
                    processorPath,
                    processors,
                    options,
                    resources,
                    watched,
                    prepared,
                    delegated,
                    tests);
        }

        Optional<Tests> tests() {
            return Optional.ofNullable(testing);
        }

        /** Returns whether a file lies where builds put what they make: beside the output, or below it. */
        boolean isMade(Path file) {
            Path place = output.getParent();
            return file.startsWith(output) || (place != null && !directory.startsWith(place) && file.startsWith(place));
        }

        /** Returns whether the build tool has to do something before it is compiled. */
        boolean isPrepared() {
            return !prepared.isEmpty();
        }

        /** Returns whether only the build tool can build it. */
        boolean isDelegated() {
            return !delegated.isEmpty();
        }
    }

    /**
     * The tests of a module, for the JUnit Platform. They are compiled and run on a class path, even if the module is one of the
     * Java language.
     *
     * @param sourceRoots directories of packages; need not exist
     * @param output the directory of their classes
     * @param generatedSources where annotation processors put sources
     * @param classPath for the compiler and at run time, with the output of the module itself
     * @param processorPath the class path of annotation processors; empty if none run
     * @param processors the class names of annotation processors; empty for all that the path names
     * @param options for javac
     * @param launcher jars of the launcher of the JUnit Platform that are not on the class path
     */
    public record Tests(
            List<Path> sourceRoots,
            Path output,
            Path generatedSources,
            List<Path> classPath,
            List<Path> processorPath,
            List<String> processors,
            List<String> options,
            List<Resources> resources,
            List<Path> launcher) {
        public Tests {
            sourceRoots = List.copyOf(sourceRoots);
            classPath = List.copyOf(classPath);
            processorPath = List.copyOf(processorPath);
            processors = List.copyOf(processors);
            options = List.copyOf(options);
            resources = List.copyOf(resources);
            launcher = List.copyOf(launcher);
        }

        /** Returns them as sources that are compiled together. */
        Module asModule(Module tested) {
            return new Module(
                    tested.name() + ".tests",
                    tested.directory(),
                    sourceRoots,
                    output,
                    generatedSources,
                    classPath,
                    processorPath,
                    processors,
                    options,
                    resources,
                    List.of(),
                    "",
                    "");
        }
    }

    /**
     * Files that are copied beside the classes.
     *
     * @param directory need not exist
     * @param targetPath where below the output they go; empty for the output itself
     */
    public record Resources(Path directory, String targetPath) {}

    /** A project that has not been built. */
    public Project(Path directory, Path app, List<Path> libraries, List<Path> descriptors, List<Module> modules) {
        this(directory, app, libraries, descriptors, modules, 0);
    }

    /** Returns this, built at this time. */
    public Project builtAt(long millis) {
        return new Project(directory, app, libraries, descriptors, modules, millis);
    }

    public Project {
        libraries = List.copyOf(libraries);
        descriptors = List.copyOf(descriptors);
        modules = List.copyOf(modules);
    }
}
