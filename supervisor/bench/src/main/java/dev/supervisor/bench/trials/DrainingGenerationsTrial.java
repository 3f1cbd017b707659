package dev.supervisor.bench.trials;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.builds.GeneratedApplication;
import dev.supervisor.bench.clients.ContinuousClients;
import dev.supervisor.bench.clients.Upload;
import dev.supervisor.bench.figures.DrainingGenerations;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ScaleFigures;
import dev.supervisor.bench.servers.GenerationHistory;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Measures {@link DrainingGenerations}. */
public final class DrainingGenerationsTrial {

    private static final int WARM_UP = 30;
    private static final int PAUSE_MILLIS = 100;

    private DrainingGenerationsTrial() {}

    public static List<DrainingGenerations> measure(List<Integer> numbers, int swaps) throws Exception {
        DrainingGenerations.printHead();
        int most = numbers.stream().mapToInt(Integer::intValue).max().orElse(0);
        String[] options = {"--max-generations", String.valueOf(most + 8), "--drain-timeout", "30m"};
        try (ScratchDirectory scratch = ScratchDirectory.create("draining")) {
            Builds builds = GeneratedApplication.builds(scratch, DrainingGenerations.CLASSES);
            builds.move(builds.make(1));
            Queue<String> problems = new ConcurrentLinkedQueue<>();
            GenerationHistory transcript = new GenerationHistory(problems::add);
            List<String> command = Distribution.supervised(builds.jar(), options);
            try (ServerProcess server = ServerProcess.start(ScaleFigures.JAVA_OPTIONS, command, transcript)) {
                return new Trial(server, transcript, builds, problems).measure(numbers, swaps);
            }
        }
    }

    private static class Trial {

        private final ServerProcess server;
        private final GenerationHistory transcript;
        private final Builds builds;
        private final Queue<String> problems;
        private final ContinuousClients clients;
        private final Deque<Upload> uploads = new ArrayDeque<>();
        private final List<String> expected = new ArrayList<>();
        private int build = 1;

        Trial(ServerProcess server, GenerationHistory transcript, Builds builds, Queue<String> problems)
                throws Exception {
            this.server = server;
            this.transcript = transcript;
            this.builds = builds;
            this.problems = problems;
            this.clients = new ContinuousClients(server.address(), ContinuousClients.BUILD, 1, problems::add);
        }

        List<DrainingGenerations> measure(List<Integer> numbers, int swaps) throws Exception {
            clients.start(1);
            clients.awaitAnswerOf(1);
            for (int i = 0; i < WARM_UP; i++) {
                swap();
            }
            List<DrainingGenerations> measured = new ArrayList<>();
            for (int number : numbers.stream().sorted().toList()) {
                while (uploads.size() < number) {
                    beginUpload();
                    swap();
                }
                measured.add(measure(swaps));
            }
            clients.stop();
            completeUploads();
            return measured;
        }

        private void beginUpload() throws Exception {
            uploads.add(Upload.begin(server.address()));
            expected.add("build " + build + "\n");
        }

        private DrainingGenerations measure(int swaps) throws Exception {
            List<Double> answered = new ArrayList<>();
            for (int i = 0; i < swaps; i++) {
                answered.add(swap());
            }
            clients.asking.writeLock().lock();
            try {
                transcript.awaitEnds(build - 1 - uploads.size());
                ServerProcess.Memory memory = server.memory();
                DrainingGenerations draining = new DrainingGenerations(
                        uploads.size(),
                        Quantiles.of(answered, Double::doubleValue),
                        memory.heap() / 1024,
                        memory.metaspace() / 1024,
                        memory.resident() / 1024);
                draining.print();
                return draining;
            } finally {
                clients.asking.writeLock().unlock();
            }
        }

        /** Swaps, and returns the milliseconds to the first answer of the new build. */
        private double swap() throws Exception {
            var next = builds.make(++build);
            Thread.sleep(PAUSE_MILLIS);
            if (!problems.isEmpty()) {
                throw new IllegalStateException(problems.toString());
            }
            long begun = System.nanoTime();
            builds.move(next);
            return (clients.awaitAnswerOf(build) - begun) / 1e6;
        }

        /** Completes all uploads, and checks that each is answered by the build that began it. */
        private void completeUploads() throws Exception {
            for (String build : expected) {
                try (Upload upload = uploads.remove()) {
                    String answer = upload.complete();
                    if (!answer.endsWith(build)) {
                        throw new IllegalStateException("not " + build.strip() + ", but: " + answer);
                    }
                }
            }
            transcript.awaitEnds(build - 1);
        }
    }
}
