package bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Swaps while so many former generations each still finish a long request, an upload, and clients ask.
 *
 * @param answered milliseconds from the rebuilt jar to the first answer of the new build
 * @param heapMib in use after full collections, as metaspace is
 */
record DrainingGenerations(int draining, Quantiles answered, double heapMib, double metaspaceMib, double residentMib) {

    /** Of the application. */
    static final int CLASSES = 200;

    private static final int WARM_UP = 30;
    private static final int PAUSE_MILLIS = 100;

    static List<DrainingGenerations> measure(List<Integer> numbers, int swaps) throws Exception {
        System.out.println();
        System.out.printf("former generations that finish a request, of %d classes each%n", CLASSES);
        System.out.printf(
                "%12s%26s%12s%18s%18s%n",
                "", "jar to first answer, ms", "heap, MiB", "metaspace, MiB", "resident, MiB");
        int most = numbers.stream().mapToInt(Integer::intValue).max().orElse(0);
        String[] options = {"--max-generations", String.valueOf(most + 8), "--drain-timeout", "30m"};
        try (Scratch scratch = Scratch.create("draining")) {
            Builds builds = Parts.builds(scratch, CLASSES);
            builds.move(builds.make(1));
            Queue<String> problems = new ConcurrentLinkedQueue<>();
            Transcript transcript = new Transcript(problems::add);
            List<String> command = Distribution.supervised(builds.jar(), options);
            try (Server server = Server.start(Scale.JAVA_OPTIONS, command, transcript)) {
                return new Trial(server, transcript, builds, problems).measure(numbers, swaps);
            }
        }
    }

    private void print() {
        System.out.printf(
                "%,12d%26s%12.2f%18.2f%18.2f%n", draining, Scale.text(answered), heapMib, metaspaceMib, residentMib);
    }

    private static class Trial {

        private final Server server;
        private final Transcript transcript;
        private final Builds builds;
        private final Queue<String> problems;
        private final Clients clients;
        private final Deque<Upload> uploads = new ArrayDeque<>();
        private final List<String> expected = new ArrayList<>();
        private int build = 1;

        Trial(Server server, Transcript transcript, Builds builds, Queue<String> problems) throws Exception {
            this.server = server;
            this.transcript = transcript;
            this.builds = builds;
            this.problems = problems;
            this.clients = new Clients(server.address(), Clients.BUILD, 1, problems::add);
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
                Server.Memory memory = server.memory();
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

        /** Returns milliseconds. */
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

        /** Each by the build that has begun it. */
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
