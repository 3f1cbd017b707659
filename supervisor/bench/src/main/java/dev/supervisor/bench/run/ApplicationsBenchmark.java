package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.clients.ContinuousClients;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.servers.ApplicationHistories;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.Ports;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows that applications of one process disturb each other in no way. One supervisor runs many, which are swapped at random,
 * several at a time, while clients ask each of them. The benchmark fails, with exit code 1, if a client was not answered or was
 * answered by a former build, if a generation was not unloaded, if the transcript has anything unexpected, or if more is in use at
 * the end than after a fifth of the time.
 */
@Command(
        name = "applications",
        mixinStandardHelpOptions = true,
        description = "Many applications in one supervisor, all swapped at random under load.")
@SuppressWarnings("NullAway.Init") // picocli sets its fields
class ApplicationsBenchmark implements Callable<Integer> {

    private static final String JAVA_OPTIONS =
            System.getenv().getOrDefault("SUPERVISOR_JAVA_OPTS", "-XX:MaxMetaspaceSize=256m -Xmx256m");

    /** The most that may be in use at the end; profiles of the JIT compiler still grow after the warm-up. */
    private static final double TOLERANCE = 1.1;

    private static final int SWAPPERS = 4;
    private static final int LONGEST_PAUSE_MILLIS = 400;
    private static final int CLIENTS_PAUSE_MILLIS = 40;
    private static final int SAMPLES = 10;
    private static final int WARM = 2;
    private static final int COLLECTIONS = 5;
    private static final int MANY_PROBLEMS = 100;
    private static final Pattern JAVA_THREAD =
            Pattern.compile("^\"(?!C[12] CompilerThread|globalEventExecutor)[^\"]*\" #", Pattern.MULTILINE);

    @Parameters(
            arity = "0..1",
            index = "0",
            defaultValue = "300",
            paramLabel = "SECONDS",
            description = "How long, by default 300.")
    private int seconds;

    @Parameters(
            arity = "0..1",
            index = "1",
            defaultValue = "20",
            paramLabel = "APPLICATIONS",
            description = "How many applications, by default 20.")
    private int count;

    private final AtomicInteger problems = new AtomicInteger();
    private final AtomicInteger swaps = new AtomicInteger();

    /** Swaps hold the read lock, and samples the write lock. */
    private final ReadWriteLock swapping = new ReentrantReadWriteLock(true);

    private volatile boolean stopping;

    /** One of the applications, and who asks it. */
    private static final class Application {
        private final String name;
        private final Builds builds;
        private final ContinuousClients clients;
        private int build = 1;

        Application(String name, Builds builds, ContinuousClients clients) {
            this.name = name;
            this.builds = builds;
            this.clients = clients;
        }

        void swap() throws Exception {
            builds.move(builds.make(++build));
            clients.awaitAnswerOf(build);
        }
    }

    private record Sample(double heap, double metaspace, int threads, int descriptors) {}

    @Override
    public Integer call() throws Exception {
        Environment.now().print();
        System.out.println(JAVA_OPTIONS);
        try (ScratchDirectory scratch = ScratchDirectory.create("applications")) {
            StringBuilder configuration = new StringBuilder("applications:\n");
            List<Application> applications = new ArrayList<>();
            Builds any = Builds.ofHello(scratch);
            for (int i = 1; i <= count; i++) {
                String name = "app-%02d".formatted(i);
                Builds builds = new Builds(any.former(), scratch.make(name).resolve(name + ".jar"), any.entry());
                builds.move(builds.make(1));
                int port = Ports.free();
                configuration.append("  %s: { app: %s, port: %d }%n".formatted(name, builds.jar(), port));
                applications.add(new Application(
                        name,
                        builds,
                        new ContinuousClients(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                                ContinuousClients.BUILD,
                                CLIENTS_PAUSE_MILLIS,
                                text -> fail(name + ": " + text))));
            }
            run(applications, Files.writeString(scratch.resolve("supervisor.yaml"), configuration));
        }
        System.out.println(problems.get() == 0 ? "no failures" : problems.get() + " failures");
        return problems.get() == 0 ? 0 : 1;
    }

    private void fail(String problem) {
        if (problems.incrementAndGet() <= MANY_PROBLEMS) {
            System.out.println("FAILED: " + problem);
        }
    }

    private void run(List<Application> applications, Path configuration) throws Exception {
        ApplicationHistories histories = new ApplicationHistories(
                applications.stream().map(application -> application.name).toList(), this::fail);
        ServerProcess server = ServerProcess.start(JAVA_OPTIONS, Distribution.configured(configuration), histories);
        List<Sample> samples = new ArrayList<>();
        try {
            for (Application application : applications) {
                histories.of(application.name).awaitServing(1);
                application.clients.start(1);
                application.clients.awaitAnswerOf(1);
            }
            List<Thread> swappers = swappers(applications);
            System.out.printf(
                    "%8s%8s%12s%12s%15s%10s%13s%n",
                    "seconds", "swaps", "answers", "heap, MiB", "metaspace, MiB", "threads", "descriptors");
            for (int i = 1; i <= SAMPLES; i++) {
                Thread.sleep(Duration.ofSeconds(seconds).toMillis() / SAMPLES);
                samples.add(sample(server, histories, applications, i * seconds / SAMPLES));
            }
            stopping = true;
            for (Thread swapper : swappers) {
                swapper.join();
            }
            for (Application application : applications) {
                application.clients.stop();
            }
        } finally {
            stopping = true;
            int exitCode = server.end();
            if (exitCode != 0) {
                fail("the exit code of the supervisor is " + exitCode);
            }
        }
        check(samples.get(WARM - 1), samples.get(SAMPLES - 1));
        int left = histories.notUnloaded(2);
        if (left > 0) {
            fail(left + " generations were not unloaded");
        }
    }

    /** Each swaps applications of its own, one at a time, so that several are swapped at the same time. */
    private List<Thread> swappers(List<Application> applications) {
        List<Thread> swappers = new ArrayList<>();
        for (int i = 0; i < SWAPPERS; i++) {
            List<Application> own = new ArrayList<>();
            for (int j = i; j < applications.size(); j += SWAPPERS) {
                own.add(applications.get(j));
            }
            Thread swapper = new Thread(() -> swapAtRandom(own, new Random()), "swapper " + i);
            swapper.setDaemon(true);
            swapper.start();
            swappers.add(swapper);
        }
        return swappers;
    }

    private void swapAtRandom(List<Application> own, Random random) {
        try {
            while (!stopping && !own.isEmpty()) {
                Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
                swapping.readLock().lock();
                try {
                    own.get(random.nextInt(own.size())).swap();
                    swaps.incrementAndGet();
                } finally {
                    swapping.readLock().unlock();
                }
            }
        } catch (Exception e) {
            fail("a swap: " + e);
        }
    }

    private Sample sample(
            ServerProcess server, ApplicationHistories histories, List<Application> applications, int after)
            throws Exception {
        swapping.writeLock().lock();
        try {
            for (int i = 0; i < COLLECTIONS && histories.notUnloaded(1) > 0; i++) {
                server.jcmd("GC.run");
            }
            ServerProcess.Memory memory = server.memory();
            Sample sample =
                    new Sample(memory.heap() / 1024, memory.metaspace() / 1024, threads(server), server.descriptors());
            long answers = applications.stream()
                    .mapToLong(application -> application.clients.answers.get())
                    .sum();
            System.out.printf(
                    "%,8d%,8d%,12d%12.1f%15.1f%10d%13d%n",
                    after,
                    swaps.get(),
                    answers,
                    sample.heap(),
                    sample.metaspace(),
                    sample.threads(),
                    sample.descriptors());
            return sample;
        } finally {
            swapping.writeLock().unlock();
        }
    }

    private static int threads(ServerProcess server) throws IOException {
        return Math.toIntExact(JAVA_THREAD
                .matcher(server.jcmd("Thread.print").text())
                .results()
                .count());
    }

    private void check(Sample warm, Sample end) {
        check("heap", warm.heap(), end.heap());
        check("metaspace", warm.metaspace(), end.metaspace());
        check("threads", warm.threads(), end.threads());
        check("descriptors", warm.descriptors(), end.descriptors());
    }

    private void check(String what, double warm, double end) {
        if (end > warm * TOLERANCE) {
            fail("more %s: %.1f after %.1f".formatted(what, end, warm));
        }
    }
}
