package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.builds.ProgramBuilds;
import dev.supervisor.bench.clients.ContinuousClients;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.ProgramFigures;
import dev.supervisor.bench.figures.ProgramFigures.Reloads;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.SteadyStateFigures;
import dev.supervisor.bench.run.SteadyStateRounds.Contestant;
import dev.supervisor.bench.servers.RunningProgram;
import dev.supervisor.bench.tools.Ports;
import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures servers that know nothing of the supervisor. How long does a reload take, from the new build in place to its
 * first answer: by a swap, and by a restart of the JVM; for Spring Boot, by DevTools, too, which gets the same classes
 * in a directory. Meanwhile two clients ask, a millisecond after each answer. And what does a lent connection cost: wrk
 * asks the same jar under the supervisor and alone.
 */
@Command(
        name = "programs",
        mixinStandardHelpOptions = true,
        description = "Unmodified servers: swaps against restarts, and what a lent connection costs.")
@SuppressWarnings("NullAway.Init") // picocli sets its fields
class ProgramsBenchmark implements Callable<Integer> {

    private static final int KEEP_ALIVE_CLIENTS = 1;
    private static final int PAUSE_MILLIS = 3_000;
    private static final int WARM_UP_RELOADS = 5;
    private static final String SUPERVISED = "supervised";
    /** As Spring's Maven plugin starts an application that is being developed. */
    private static final String QUICK_JIT = "-XX:TieredStopAtLevel=1";

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PROGRAM",
            defaultValue = "jdk-http-server,netty-4.2,vertx-5,tomcat,boot-4-tomcat",
            description = "Which ones of supervisor/frameworks, separated by commas; by default $${DEFAULT-VALUE}.")
    private List<String> only;

    @Option(
            names = "--reloads",
            defaultValue = "20",
            paramLabel = "RELOADS",
            description =
                    "How many of each are measured, after some to warm up; by default 20. Of restarts, a quarter.")
    private int reloads;

    @Option(
            names = "--rounds",
            defaultValue = "9",
            paramLabel = "ROUNDS",
            description = "How often wrk asks each; by default 9.")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "4",
            paramLabel = "SECONDS",
            description = "How long wrk asks each in each round; by default 4.")
    private int seconds;

    /** Of the next build; each is newer than all before. Jars have a version of their own when they are built. */
    private int version = 1_000;

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.now();
        environment.print();
        List<ProgramFigures> all = new ArrayList<>();
        try (ScratchDirectory scratch = ScratchDirectory.create("programs")) {
            for (String name : only) {
                all.add(measure(name, scratch));
            }
        }
        new ResultFile<>("programs", environment, all).write();
        return 0;
    }

    private ProgramFigures measure(String name, ScratchDirectory scratch) throws Exception {
        System.out.println("== " + name);
        ProgramBuilds supervised = ProgramBuilds.of(name, scratch.make(name + "-supervised"));
        ProgramBuilds alone = ProgramBuilds.of(name, scratch.make(name + "-alone"));
        List<Reloads> all = new ArrayList<>();
        if (reloads > 0) {
            all.add(reload(supervised(supervised, ""), WARM_UP_RELOADS, reloads));
            all.add(reload(alone(alone), 0, Math.max(1, reloads / 4)));
            if (name.startsWith("boot-")) {
                all.add(reload(supervised(supervised, QUICK_JIT), WARM_UP_RELOADS, reloads));
                ProgramBuilds.Unpacked unpacked = alone.unpackWithDevTools();
                all.add(reload(devTools("DevTools", unpacked), WARM_UP_RELOADS, reloads));
                all.add(reload(
                        devTools(
                                "DevTools, tuned",
                                unpacked,
                                "--spring.devtools.restart.poll-interval=100ms",
                                "--spring.devtools.restart.quiet-period=50ms"),
                        WARM_UP_RELOADS,
                        reloads));
            }
        }
        return new ProgramFigures(name, all, rounds == 0 ? List.of() : List.of(steadyState(supervised, alone)));
    }

    private static RunningProgram supervised(ProgramBuilds builds, String javaOptions) throws Exception {
        int port = Ports.free();
        List<String> command = List.of(
                Distribution.SUPERVISOR.toString(),
                "--port",
                "" + port,
                "--log",
                "plain",
                "--app",
                builds.jar().toString());
        return RunningProgram.watching(
                SUPERVISED + (javaOptions.isEmpty() ? "" : " " + javaOptions),
                port,
                command,
                Map.of("PORT", "" + port, "SUPERVISOR_JAVA_OPTS", javaOptions),
                version -> move(builds, version));
    }

    private static RunningProgram alone(ProgramBuilds builds) throws Exception {
        int port = Ports.free();
        List<String> command =
                List.of(Programs.ofJdk("java"), "-jar", builds.jar().toString());
        return RunningProgram.restarted(
                "restarted", port, command, Map.of("PORT", "" + port), version -> move(builds, version));
    }

    private static RunningProgram.PutInPlace move(ProgramBuilds builds, int version) throws IOException {
        Path next = builds.make(version);
        return () -> builds.move(next);
    }

    private static RunningProgram devTools(String name, ProgramBuilds.Unpacked unpacked, String... settings)
            throws Exception {
        int port = Ports.free();
        List<String> command = new ArrayList<>(List.of(
                Programs.ofJdk("java"),
                QUICK_JIT,
                "-cp",
                unpacked.classes() + ":" + unpacked.libraries() + "/*",
                "app.Main"));
        command.addAll(List.of(settings));
        return RunningProgram.watching(
                name, port, command, Map.of("PORT", "" + port), version -> () -> unpacked.put(version));
    }

    /** Starts a program, reloads it, and ends it. */
    private Reloads reload(RunningProgram starting, int warmUp, int measured) throws Exception {
        AtomicInteger problems = new AtomicInteger();
        try (RunningProgram program = starting) {
            ContinuousClients clients = new ContinuousClients(
                    program.address(), ContinuousClients.VERSION, 1, problem -> problems.incrementAndGet());
            clients.start(KEEP_ALIVE_CLIENTS);
            clients.awaitMoreAnswers(1);
            for (int i = 0; i < warmUp; i++) {
                reload(program, clients, version++);
            }
            problems.set(0);
            long before = clients.answers.get();
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < measured; i++) {
                millis.add(reload(program, clients, version++));
            }
            clients.stop();
            Reloads figures = new Reloads(
                    program.name(),
                    Quantiles.of(millis, Double::doubleValue),
                    clients.answers.get() - before,
                    problems.get(),
                    millis);
            System.out.printf(
                    "%-35s new build to first answer, %d times: median %.1f ms, minimum %.1f, maximum %.1f; %d answers, %d problems%n",
                    figures.way(),
                    measured,
                    figures.millis().median(),
                    figures.millis().minimum(),
                    figures.millis().maximum(),
                    figures.answers(),
                    figures.problems());
            return figures;
        }
    }

    private static double reload(RunningProgram program, ContinuousClients clients, int version) throws Exception {
        long begun = program.reload(version, PAUSE_MILLIS);
        return (clients.awaitAnswerOf(version) - begun) / 1e6;
    }

    private SteadyStateFigures steadyState(ProgramBuilds builds, ProgramBuilds plain) throws Exception {
        try (RunningProgram alone = alone(plain);
                RunningProgram supervised = supervised(builds, "");
                RunningProgram again = alone(plain)) {
            List<Contestant> contestants = new ArrayList<>();
            for (RunningProgram program : List.of(alone, supervised, again)) {
                awaitAnswer(program);
                contestants.add(new Contestant(
                        program == alone ? "alone" : program == supervised ? SUPERVISED : "alone again",
                        program.url(),
                        program.process()));
            }
            return new SteadyStateRounds(rounds, seconds).measure("keep-alive", contestants, List.of());
        }
    }

    private static void awaitAnswer(RunningProgram program) throws InterruptedException {
        ContinuousClients client =
                new ContinuousClients(program.address(), ContinuousClients.VERSION, 10, problem -> {});
        client.start(0);
        client.awaitMoreAnswers(1);
        client.stop();
    }
}
