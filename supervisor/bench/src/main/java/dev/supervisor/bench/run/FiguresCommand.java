package dev.supervisor.bench.run;

import dev.supervisor.bench.documents.Documents;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Writes the results of benchmarks into the documentation. A test fails if the documentation is outdated. */
@Command(
        name = "figures",
        mixinStandardHelpOptions = true,
        description = "Measures nothing: writes the figures of all results into the documentation.")
class FiguresCommand implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
        Documents.write();
        return 0;
    }
}
