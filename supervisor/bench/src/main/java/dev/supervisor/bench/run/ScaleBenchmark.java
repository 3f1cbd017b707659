package dev.supervisor.bench.run;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.supervisor.bench.drawing.ScaleDrawing;
import dev.supervisor.bench.figures.ApplicationSize;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.HeldConnections;
import dev.supervisor.bench.figures.MovedConnections;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.ScaleFigures;
import dev.supervisor.bench.trials.ApplicationSizeTrial;
import dev.supervisor.bench.trials.DrainingGenerationsTrial;
import dev.supervisor.bench.trials.HeldConnectionsTrial;
import dev.supervisor.bench.trials.MovedConnectionsTrial;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Shows how the time and the memory of swaps grow with the number of waiting connections, of moving connections, of the
 * application's classes, and of former generations that are still finishing. Each size has a JVM of its own, with the
 * options in {@code SUPERVISOR_JAVA_OPTS}, by default {@code -Xms32m -Xmx1g}.
 *
 * <p>The clients and the server need a file descriptor for each connection; if a process may not have so many, there
 * are fewer connections.
 */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description = "How swaps grow with held and idle connections, classes, and former generations.")
@SuppressWarnings("NullAway.Init") // picocli sets its fields
class ScaleBenchmark implements Callable<Integer> {

    private static final int SPARE_DESCRIPTORS = 300;

    @Parameters(
            arity = "0..1",
            defaultValue = "10",
            paramLabel = "SWAPS",
            description = "How many for each size; by default 10.")
    private int swaps;

    @Option(
            names = "--connections",
            split = ",",
            defaultValue = "100,1000,10000,30000",
            paramLabel = "N",
            description = "That wait, and then that move; by default ${DEFAULT-VALUE}.")
    private List<Integer> connections;

    @Option(
            names = "--classes",
            split = ",",
            defaultValue = "20,200,2000,10000",
            paramLabel = "N",
            description = "Of the application, 5 at least; by default ${DEFAULT-VALUE}.")
    private List<Integer> classes;

    @Option(
            names = "--draining",
            split = ",",
            defaultValue = "0,1,4,8",
            paramLabel = "N",
            description = "Former generations; by default ${DEFAULT-VALUE}.")
    private List<Integer> draining;

    @Option(
            names = "--svg",
            defaultValue = "supervisor/bench/drawings/scale.svg",
            paramLabel = "FILE",
            description = "The drawing; by default ${DEFAULT-VALUE}.")
    private Path svg;

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.now();
        environment.print();
        System.out.printf("%s, %d swaps for each size%n", ScaleFigures.JAVA_OPTIONS, swaps);
        int[] numbers = possible(connections);
        List<HeldConnections> held = new ArrayList<>();
        HeldConnections.printHead();
        for (int number : numbers) {
            held.add(HeldConnectionsTrial.measure(number, swaps));
        }
        List<MovedConnections> moved = new ArrayList<>();
        MovedConnections.printHead();
        for (int number : numbers) {
            moved.add(MovedConnectionsTrial.measure(number, swaps));
        }
        List<ApplicationSize> applications = new ArrayList<>();
        ApplicationSize.printHead();
        for (int number : classes) {
            applications.add(ApplicationSizeTrial.measure(number, swaps));
        }
        ScaleFigures figures =
                new ScaleFigures(held, moved, applications, DrainingGenerationsTrial.measure(draining, swaps));
        System.out.println();
        new ResultFile<>("scale", environment, figures).write();
        ScaleDrawing.write(svg, figures);
        return 0;
    }

    private static int[] possible(List<Integer> wanted) {
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        int most = (int) Math.min(65_000, system.getMaxFileDescriptorCount() - SPARE_DESCRIPTORS);
        wanted.stream()
                .filter(number -> number > most)
                .forEach(number -> System.out.printf(
                        "not %,d connections, but %,d: a process may not open more files (ulimit -Hn)%n",
                        number, most));
        return wanted.stream()
                .mapToInt(number -> Math.min(number, most))
                .distinct()
                .toArray();
    }
}
