package dev.supervisor.bench.figures;

import dev.supervisor.bench.tools.ToolOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The machine, the JVM and the command of a measurement. */
public record Environment(
        String date, String command, String java, String system, int processors, String cpu, long memoryMib) {

    /** The system property that holds the command. */
    public static final String COMMAND = "bench.command";

    public static Environment now() throws IOException {
        ToolOutput memory = new ToolOutput(Files.readString(Path.of("/proc/meminfo")));
        return new Environment(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                System.getProperty(COMMAND, ""),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors(),
                nameOfCpu(),
                (long) memory.number("MemTotal:\\s+(\\d+) kB") / 1024);
    }

    private static String nameOfCpu() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        }
    }

    public void print() {
        System.out.printf("Java %s, %d processors (%s), %s%n%n", Runtime.version(), processors, cpu, date);
    }
}
