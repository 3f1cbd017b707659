package dev.supervisor.compile;

import dev.supervisor.compile.Project.Module;
import dev.supervisor.compile.Project.Tests;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javax.tools.JavaCompiler;

/**
 * Compiles the tests of one module. It reads the classes of the application from the disk, as they are after a build, and so
 * needs nothing of the compiler of these. Belongs to the thread that tests.
 */
final class TestCompiler implements Closeable {

    private final Module tested;
    private final Tests tests;
    private final GraphFile graphFile;
    private final ModuleCompiler compiler;
    private final TestedClasses classes;

    /** @param graphs the directory where the state of modules is kept */
    TestCompiler(JavaCompiler javac, Module tested, Tests tests, Path graphs) throws IOException {
        Module module = tests.asModule(tested);
        this.tested = tested;
        this.tests = tests;
        this.graphFile = new GraphFile(graphs.resolve(module.name() + ".graph.json"));
        this.compiler = new ModuleCompiler(javac, module, Map.of(), graphFile.read());
        this.classes = new TestedClasses(tests);
    }

    Module tested() {
        return tested;
    }

    Tests tests() {
        return tests;
    }

    TestedClasses classes() {
        return classes;
    }

    /** @param isOutdated asked at the end: then nothing has been done */
    CompilerMessages compile(BooleanSupplier isOutdated) throws IOException {
        Files.createDirectories(tests.output());
        ModuleCompiler.Proposal proposal = compiler.propose(Upstream.NONE, List.of());
        if (proposal.messages().hasErrors() || isOutdated.getAsBoolean()) {
            return proposal.messages();
        }
        OutputFiles outputs = new OutputFiles();
        outputs.add(tests.output(), proposal.changes());
        outputs.add(tests.generatedSources(), proposal.generated());
        outputs.write();
        boolean same = compiler.graph().equals(proposal.graph());
        compiler.accept(proposal);
        if (!same) {
            graphFile.write(proposal.graph());
        }
        return proposal.messages();
    }

    @Override
    public void close() throws IOException {
        compiler.close();
    }
}
