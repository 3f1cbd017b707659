package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.SavedProject;
import dev.supervisor.bench.clients.SavingClient;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.SaveFigures;
import dev.supervisor.bench.figures.SaveTimes;
import dev.supervisor.bench.servers.SaveTimer;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Measures the wait of a developer from saving a source to the new answer: a request that is sent right after the save
 * waits for it. The build tool is started anew for each build, as in a shell.
 */
@Command(
        name = "save",
        mixinStandardHelpOptions = true,
        description = "From saving a source to the new answer, with builds by javac and by Maven.")
class SaveBenchmark implements Callable<Integer> {

    private static final int WARM_UP_SAVES = 5;

    @Parameters(
            arity = "0..1",
            defaultValue = "20",
            paramLabel = "SAVES",
            description = "How many are measured of each; by default 20.")
    private int saves;

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.now();
        environment.print();
        List<SaveFigures> all = new ArrayList<>();
        SaveFigures.printHead();
        for (SavedProject.BuildTool tool : SavedProject.BuildTool.values()) {
            SaveFigures figures = measure(tool);
            figures.print();
            all.add(figures);
        }
        new ResultFile<>("save", environment, all).write();
        return 0;
    }

    private SaveFigures measure(SavedProject.BuildTool tool) throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create("save")) {
            SavedProject project = SavedProject.create(scratch.make("project"), tool);
            SaveTimer times = new SaveTimer();
            try (ServerProcess server = ServerProcess.start("", project.supervised(), times)) {
                SavingClient client = new SavingClient(server.url());
                client.awaitAnswer(project.text(0));
                for (int i = 1; i <= WARM_UP_SAVES; i++) {
                    save(project, i, client, times);
                }
                client.forgetFormerAnswers();
                List<SaveTimes> all = new ArrayList<>();
                for (int i = 1; i <= saves; i++) {
                    all.add(save(project, WARM_UP_SAVES + i, client, times));
                }
                return SaveFigures.of(tool.title, all, client.formerAnswers());
            }
        }
    }

    private static SaveTimes save(SavedProject project, int number, SavingClient client, SaveTimer times)
            throws Exception {
        times.awaitQuiet();
        long saved = System.nanoTime();
        project.save(number);
        long answered = client.awaitAnswer(project.text(number));
        return times.times(saved, answered);
    }
}
