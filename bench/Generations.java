import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Shows that generations leave nothing behind. One supervisor serves a small application and then a large one, which
 * are rebuilt again and again while clients ask; what is in use after a full collection is looked at from outside. It
 * fails, with exit code 1, if that is more than 5% above what it was after the 50th generation, if a generation was not
 * unloaded, if a client was not answered or was answered by a former build, or if the transcript tells of anything that
 * is not expected. It draws what was in use, and then measures how long a generation takes to load and to start, in
 * JVMs that nobody asks.
 *
 * <p>500 generations of the small application come before and do not count: until then, the JIT compiler makes profiles
 * of the JDK's and the supervisor's own methods, which lie in metaspace (some 2 MiB; with
 * {@code -XX:TieredStopAtLevel=1} there are none).
 *
 * <p>After a build, from the project's directory, on Linux:
 * {@code java bench/Generations.java [SMALL [LARGE [JVMS [SVG]]]]}: how many generations of each application, by
 * default 2000 and 200; how many cold JVMs for the times, by default 20 (0 for no times), and ten times as many
 * generations of a warm one; the drawing, by default {@code bench/generations.svg}. The supervisors run on the same JVM
 * as this program, with the options in {@code SUPERVISOR_JAVA_OPTS}, by default
 * {@code -XX:MaxMetaspaceSize=96m -Xmx128m}.
 */
class Generations {

    static final Path DISTRIBUTION = Path.of("supervisor/target/dist");
    static final Path SUPERVISOR_JAR = DISTRIBUTION.resolve("lib/supervisor.jar");
    static final String JAVA_OPTIONS =
            System.getenv().getOrDefault("SUPERVISOR_JAVA_OPTS", "-XX:MaxMetaspaceSize=96m -Xmx128m");
    static final int SMALL = 20;
    static final int LARGE = 2000;
    static final String JAR = "parts.jar";
    static final int WARM_UP = 500;
    static final int WARM = 50;
    static final int SAMPLES = 40;
    static final int ANSWERS_BEFORE_SAMPLE = 40;
    static final double TOLERANCE = 1.05;
    static final int PATIENCE_SECONDS = 60;
    static final int MANY = 100;

    static final AtomicInteger problems = new AtomicInteger();

    enum Series {
        HEAP("heap used", "MiB"),
        METASPACE("metaspace used", "MiB"),
        THREADS("threads", ""),
        DESCRIPTORS("open descriptors", "");

        final String label;
        final String unit;

        Series(String label, String unit) {
            this.label = label;
            this.unit = unit;
        }
    }

    record Sample(int generation, Map<Series, Double> values) {}

    record Run(int classes, int generations, List<Sample> samples, long answers) {

        /** The generation that the end is compared with. */
        int warm() {
            return warmSample().generation();
        }

        double warm(Series series) {
            return warmSample().values().get(series);
        }

        private Sample warmSample() {
            return samples.stream()
                    .filter(sample -> sample.generation() >= Math.min(WARM, generations / 4))
                    .findFirst()
                    .orElseThrow();
        }

        double end(Series series) {
            return samples.get(samples.size() - 1).values().get(series);
        }

        double maximum(Series series) {
            return samples.stream()
                    .mapToDouble(sample -> sample.values().get(series))
                    .max()
                    .orElseThrow();
        }
    }

    record Times(double loaded, double started) {}

    public static void main(String[] args) throws Exception {
        int small = args.length > 0 ? Integer.parseInt(args[0]) : 2000;
        int large = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        int jvms = args.length > 2 ? Integer.parseInt(args[2]) : 20;
        Path svg = Path.of(args.length > 3 ? args[3] : "bench/generations.svg");
        if (!Files.exists(SUPERVISOR_JAR)) {
            System.err.println("there is no " + DISTRIBUTION
                    + " (build it: mvn -B -q package -DskipTests; run this where the pom.xml is)");
            System.exit(1);
        }
        System.out.printf(
                "Java %s, %d processors, %s%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), JAVA_OPTIONS);
        Path directory = Files.createTempDirectory("generations");
        try {
            Builds smallBuilds = new Builds(directory, SMALL);
            Builds largeBuilds = new Builds(directory, LARGE);
            Trial trial = new Trial(directory, smallBuilds);
            List<Run> runs = trial.run(smallBuilds, small, largeBuilds, large);
            runs.forEach(Generations::print);
            new Drawing().write(svg, runs);
            check(runs, trial);
            if (jvms > 0) {
                measureTimes(directory, List.of(smallBuilds, largeBuilds), jvms);
            }
        } finally {
            deleteTree(directory);
        }
        System.exit(problems.get() == 0 ? 0 : 1);
    }

    static void fail(String problem) {
        if (problems.incrementAndGet() <= MANY) {
            System.out.println("FAILED: " + problem);
        }
    }

    // What is left

    /** One supervisor and its clients, while one build after another is moved into place. */
    static class Trial {

        final Clients clients = new Clients();
        final Server server;
        int exitCode;
        private int build;

        Trial(Path directory, Builds first) throws IOException {
            first.move(first.make(++build));
            server = new Server(supervised(directory.resolve(JAR)), directory);
        }

        List<Run> run(Builds smallBuilds, int small, Builds largeBuilds, int large) throws Exception {
            try {
                clients.start(server.address());
                clients.awaitAnswerOf(build);
                while (build < WARM_UP) {
                    swap(smallBuilds);
                }
                List<Run> runs = List.of(run(smallBuilds, small), run(largeBuilds, large));
                clients.stop();
                return runs;
            } finally {
                exitCode = server.end();
            }
        }

        private Run run(Builds builds, int generations) throws Exception {
            System.out.printf("%,d generations of %,d classes ", generations, builds.classes);
            long answersBefore = clients.answers.get();
            List<Sample> samples = new ArrayList<>();
            for (int i = 1; i <= generations; i++) {
                swap(builds);
                if (i % Math.max(1, generations / SAMPLES) == 0 || i == generations) {
                    samples.add(new Sample(i, inUse()));
                    System.out.print(".");
                }
            }
            System.out.println();
            return new Run(builds.classes, generations, samples, clients.answers.get() - answersBefore);
        }

        private void swap(Builds builds) throws Exception {
            builds.move(builds.make(++build));
            clients.awaitAnswerOf(build);
        }

        /** After all event loops have been used, and while nobody asks: so it does not depend on the moment. */
        private Map<Series, Double> inUse() throws Exception {
            clients.awaitMoreAnswers(ANSWERS_BEFORE_SAMPLE);
            clients.asking.writeLock().lock();
            try {
                await("generation " + build, () -> server.serving.lastKey() >= build);
                String used = server.usedAfterCollection();
                return Map.of(
                        Series.HEAP, number(" used (\\d+)K", used) / 1024,
                        Series.METASPACE, number("Both: +([\\d.]+) KB used", used) / 1024,
                        Series.THREADS, (double) server.threads(),
                        Series.DESCRIPTORS, (double) server.descriptors());
            } finally {
                clients.asking.writeLock().unlock();
            }
        }
    }

    static void check(List<Run> runs, Trial trial) {
        for (Run run : runs) {
            Arrays.stream(Series.values())
                    .filter(series -> run.end(series) > run.warm(series) * TOLERANCE)
                    .forEach(series -> fail(run.classes() + " classes: more than 5% more " + series.label));
        }
        List<Integer> left = trial.server.notUnloaded(2);
        if (!left.isEmpty()) {
            fail(left.size() + " generations were not unloaded: " + left);
        }
        if (trial.exitCode != 0) {
            fail("the exit code of the supervisor is " + trial.exitCode);
        }
    }

    static void print(Run run) {
        System.out.printf(
                "%n%,d generations of %,d classes, %,d answers%n", run.generations(), run.classes(), run.answers());
        System.out.printf(
                "%-20s%16s%10s%12s%9s%n", "", "after the " + run.warm() + "th", "maximum", "at the end", "change");
        for (Series series : Series.values()) {
            double warm = run.warm(series);
            double end = run.end(series);
            System.out.printf(
                    "%-20s%16.2f%10.2f%12.2f%+8.1f%%%n",
                    (series.label + " " + series.unit).strip(), warm, run.maximum(series), end, (end / warm - 1) * 100);
        }
    }

    // How long it takes

    static void measureTimes(Path directory, List<Builds> applications, int jvms) throws Exception {
        Path classes = Files.createDirectory(directory.resolve("timed"));
        compile(classes, "bench/timed/Timed.java");
        System.out.printf("%n%-40s%22s%22s%n", "ms: median (99%)", "loaded", "started");
        for (Builds builds : applications) {
            List<Times> cold = new ArrayList<>();
            for (int i = 0; i < jvms; i++) {
                cold.addAll(times(classes, builds, 1));
            }
            print(String.format("%,d classes, first of %d cold JVMs", builds.classes, jvms), cold);
            List<Times> all = times(classes, builds, WARM + 10 * jvms);
            List<Times> warm = all.subList(WARM, all.size());
            print(String.format("%,d classes, %d in a warm JVM", builds.classes, warm.size()), warm);
        }
    }

    /** Of all generations of one JVM. */
    static List<Times> times(Path classes, Builds builds, int generations) throws Exception {
        List<Times> times = new ArrayList<>();
        builds.move(builds.make(1));
        try (Server server = new Server(timed(classes, builds.jar), classes)) {
            for (int i = 1; i <= generations; i++) {
                int generation = i;
                if (generation > 1) {
                    builds.move(builds.make(generation));
                }
                await("generation " + generation, () -> server.serving.containsKey(generation));
                await("the end of the one before", () -> server.ended.size() == generation - 1);
                String line = server.serving.get(generation);
                times.add(new Times(number("loaded (\\d+) ns", line) / 1e6, number("started (\\d+) ns", line) / 1e6));
            }
        }
        return times;
    }

    static void print(String what, List<Times> times) {
        System.out.printf("%-40s%22s%22s%n", what, quantiles(times, Times::loaded), quantiles(times, Times::started));
    }

    static String quantiles(List<Times> times, ToDoubleFunction<Times> value) {
        double[] sorted = times.stream().mapToDouble(value).sorted().toArray();
        return String.format("%.1f (%.1f)", quantile(sorted, 0.5), quantile(sorted, 0.99));
    }

    static double quantile(double[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    // The builds

    /** An application of so many classes, all of which are used when it starts or answers. */
    static class Builds {

        final int classes;
        private final Path jar;
        private final Path former;

        Builds(Path directory, int classes) throws IOException {
            this.classes = classes;
            Path compiled = Files.createDirectory(directory.resolve(classes + "-classes"));
            Path source = Files.createDirectory(directory.resolve(classes + "-source")).resolve("Parts.java");
            Files.writeString(source, source(classes - 4)); // Hello, its handler, Parts and Part are classes, too
            compile(compiled, "bench/hello/Hello.java", source.toString());
            Path services = Files.createDirectories(compiled.resolve("META-INF/services"));
            Files.writeString(services.resolve("dev.supervisor.spi.Application"), "parts.Parts\n");
            former = jar(compiled, directory.resolve(classes + "-former.jar"));
            jar = directory.resolve(JAR);
        }

        private static String source(int parts) {
            String made =
                    IntStream.range(0, parts).mapToObj(i -> "new Part" + i + "()").collect(Collectors.joining(", "));
            String one = """
                    class Part%1$d implements Part {
                        private final String name = "part %1$d";
                        public int number() { return %1$d; }
                        public String toString() { return name; }
                    }
                    """;
            return """
                    package parts;

                    public class Parts extends hello.Hello {
                        private final Part[] parts = {%s};

                        public Parts() throws java.io.IOException {}

                        public void start(dev.supervisor.spi.ApplicationContext context) {
                            if (java.util.Arrays.stream(parts).mapToInt(part -> part.number()).sum() != %d) {
                                throw new IllegalStateException("parts are missing in " + parts.length);
                            }
                            super.start(context);
                        }
                    }

                    interface Part { int number(); }
                    """
                            .formatted(made, parts * (parts - 1) / 2)
                    + IntStream.range(0, parts).mapToObj(one::formatted).collect(Collectors.joining());
        }

        private static Path jar(Path classes, Path jar) throws IOException {
            try (var out = new JarOutputStream(Files.newOutputStream(jar));
                    var files = Files.walk(classes)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                    Files.copy(file, out);
                }
            }
            return jar;
        }

        /** Takes over the compressed classes as they are. */
        Path make(int build) throws IOException {
            Path next = jar.resolveSibling("next.jar");
            Files.copy(former, next, StandardCopyOption.REPLACE_EXISTING);
            try (FileSystem zip = FileSystems.newFileSystem(next)) {
                Files.writeString(zip.getPath("answer.txt"), "build " + build + "\n");
            }
            return next;
        }

        void move(Path made) throws IOException {
            Files.move(made, jar, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    static void compile(Path classes, String... sources) {
        String[] options = {"-cp", SUPERVISOR_JAR.toString(), "-d", classes.toString()};
        String[] arguments = Stream.of(options, sources).flatMap(Arrays::stream).toArray(String[]::new);
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments) != 0) {
            throw new IllegalStateException(List.of(sources) + " can't be compiled");
        }
    }

    // The clients

    /** Two on keep-alive connections, and one that connects anew for each request. */
    static class Clients {

        private static final int PAUSE_MILLIS = 4;
        private static final byte[] REQUEST =
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        private static final Pattern ANSWER =
                Pattern.compile("HTTP/1.1 200 OK\r\n.*\r\n\r\nbuild (\\d+)\n", Pattern.DOTALL);

        final AtomicInteger newest = new AtomicInteger();
        final AtomicLong answers = new AtomicLong();
        final ReadWriteLock asking = new ReentrantReadWriteLock();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean stopping;

        void start(InetSocketAddress address) {
            for (boolean keepAlive : new boolean[] {true, true, false}) {
                threads.add(daemon(() -> askOnAndOn(address, keepAlive)));
            }
        }

        void awaitAnswerOf(int build) throws InterruptedException {
            await("an answer of build " + build, () -> newest.get() == build);
        }

        void awaitMoreAnswers(int number) throws InterruptedException {
            long before = answers.get();
            await(number + " more answers", () -> answers.get() >= before + number);
        }

        void stop() throws InterruptedException {
            stopping = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }

        private void askOnAndOn(InetSocketAddress address, boolean keepAlive) {
            Socket socket = new Socket();
            while (!stopping && pause()) {
                asking.readLock().lock();
                try {
                    if (!socket.isConnected()) {
                        socket.setTcpNoDelay(true);
                        socket.setSoTimeout(PATIENCE_SECONDS * 1000);
                        socket.connect(address);
                    }
                    ask(socket);
                    socket = keepAlive ? socket : another(socket);
                } catch (IOException e) {
                    fail((keepAlive ? "a client on keep-alive: " : "a client that connects: ") + e);
                    socket = another(socket);
                } finally {
                    asking.readLock().unlock();
                }
            }
        }

        private static boolean pause() {
            try {
                Thread.sleep(PAUSE_MILLIS);
                return true;
            } catch (InterruptedException e) {
                return false;
            }
        }

        private static Socket another(Socket former) {
            try {
                former.close();
            } catch (IOException e) {
                // it has failed before
            }
            return new Socket();
        }

        private void ask(Socket socket) throws IOException {
            int answeredBefore = newest.get();
            socket.getOutputStream().write(REQUEST);
            int build = build(socket.getInputStream());
            if (build < answeredBefore) {
                fail("stale: build " + build + " has answered after build " + answeredBefore);
            }
            newest.accumulateAndGet(build, Math::max);
            answers.incrementAndGet();
        }

        private static int build(InputStream in) throws IOException {
            byte[] buffer = new byte[512];
            int length = 0;
            while (true) {
                int read = in.read(buffer, length, buffer.length - length);
                if (read <= 0) {
                    throw new IOException("no answer, but " + new String(buffer, 0, length, StandardCharsets.US_ASCII));
                }
                length += read;
                Matcher answer = ANSWER.matcher(new String(buffer, 0, length, StandardCharsets.US_ASCII));
                if (answer.matches()) {
                    return Integer.parseInt(answer.group(1));
                }
            }
        }
    }

    // The supervisors

    /** Reads the transcript all the while. */
    static class Server implements AutoCloseable {

        private static final Pattern NUMBERED = Pattern.compile("generation (\\d+) (serving|ended|unloaded) .*");
        private static final Pattern OTHERS =
                Pattern.compile("~> .*|changed: .*|generation \\d+ (finishes what|goes on:) .*|stopping: .*");
        private static final Pattern SOCKET = Pattern.compile("~> http://127.0.0.1:(\\d+)/");
        private static final Pattern JAVA_THREAD =
                Pattern.compile("^\"(?!C[12] CompilerThread|globalEventExecutor)[^\"]*\" #", Pattern.MULTILINE);

        private static final int MANY_COLLECTIONS = 5;

        final NavigableMap<Integer, String> serving = new ConcurrentSkipListMap<>();
        final Set<Integer> ended = ConcurrentHashMap.newKeySet();
        final Set<Integer> unloaded = ConcurrentHashMap.newKeySet();
        private final Process process;
        private final CompletableFuture<InetSocketAddress> address = new CompletableFuture<>();
        private final Path commands;

        Server(List<String> command, Path directory) throws IOException {
            commands = directory.resolve("jcmd.txt");
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("SUPERVISOR_JAVA_OPTS", JAVA_OPTIONS);
            process = builder.start();
            daemon(this::readTranscript);
        }

        InetSocketAddress address() throws Exception {
            return address.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        private void readTranscript() {
            try (var output = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
                output.lines().forEach(this::read);
            } catch (IOException | UncheckedIOException e) {
                // the supervisor has been ended
            }
        }

        private void read(String line) {
            Matcher socket = SOCKET.matcher(line);
            Matcher numbered = NUMBERED.matcher(line);
            if (socket.matches()) {
                address.complete(new InetSocketAddress("127.0.0.1", Integer.parseInt(socket.group(1))));
            } else if (numbered.matches()) {
                read(Integer.parseInt(numbered.group(1)), numbered.group(2), line);
            } else if (!OTHERS.matcher(line).matches()) {
                fail("in the transcript: " + line);
            }
        }

        private void read(int generation, String what, String line) {
            switch (what) {
                case "serving" -> serving.put(generation, line);
                case "ended" -> ended.add(generation);
                default -> unloaded.add(generation);
            }
        }

        /** Apart from so many, the last ones. */
        List<Integer> notUnloaded(int last) {
            return serving.keySet().stream()
                    .limit(Math.max(0, serving.size() - last))
                    .filter(generation -> !unloaded.contains(generation))
                    .toList();
        }

        String jcmd(String... lines) throws IOException {
            Files.write(commands, List.of(lines));
            Process jcmd = new ProcessBuilder(
                            tool("jcmd"), String.valueOf(process.pid()), "-f", commands.toString())
                    .redirectErrorStream(true)
                    .start();
            return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        /** Collects until all that has ended is unloaded, if that helps. */
        String usedAfterCollection() throws IOException {
            for (int i = 0; i < MANY_COLLECTIONS && !notUnloaded(1).isEmpty(); i++) {
                jcmd("GC.run");
            }
            return jcmd("GC.run", "GC.heap_info", "VM.metaspace basic scale=K");
        }

        /** But those that come and go: the JIT compiler's, and Netty's one for what is on no event loop. */
        long threads() throws IOException {
            return JAVA_THREAD.matcher(jcmd("Thread.print")).results().count();
        }

        int descriptors() throws IOException {
            try (var open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
                return (int) open.count();
            }
        }

        /** Returns the exit code. */
        int end() throws InterruptedException {
            process.destroy();
            return process.waitFor();
        }

        @Override
        public void close() throws InterruptedException {
            end();
        }
    }

    static List<String> supervised(Path jar) {
        return List.of(DISTRIBUTION + "/bin/supervisor", "--port", "0", "--app", jar.toString());
    }

    /** Opens what the distribution opens, and logs as it does. */
    static List<String> timed(Path classes, Path jar) throws IOException {
        List<String> command = new ArrayList<>(List.of(tool("java")));
        command.addAll(List.of(JAVA_OPTIONS.split(" ")));
        try (JarFile supervisor = new JarFile(SUPERVISOR_JAR.toFile())) {
            String opened = supervisor.getManifest().getMainAttributes().getValue("Add-Opens");
            for (String name : opened.split(" +")) {
                command.addAll(List.of("--add-opens", name + "=ALL-UNNAMED"));
            }
        }
        command.add("-Dlogback.configurationFile=supervisor-logback.xml");
        command.addAll(List.of("-cp", classes + ":" + SUPERVISOR_JAR, "timed.Timed", jar.toString()));
        return command;
    }

    static String tool(String name) {
        return System.getProperty("java.home") + "/bin/" + name;
    }

    // The drawing

    /** A row for each application, a column for each series; in colors for a light and for a dark background. */
    static class Drawing {

        private static final int LEFT = 40;
        private static final int TOP = 92;
        private static final int WIDTH = 158;
        private static final int HEIGHT = 96;
        private static final int COLUMN = 208;
        private static final int ROW = 176;
        private static final String GREY = "#7d8590";
        private static final List<String> COLORS = List.of("#2f81f7", "#d9730d");

        private final StringBuilder svg = new StringBuilder();

        void write(Path file, List<Run> runs) throws IOException {
            int width = LEFT + 3 * COLUMN + WIDTH + 10;
            int height = TOP + (runs.size() - 1) * ROW + HEIGHT + 24;
            add("<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d'", width, height);
            add(" viewBox='0 0 %d %d' fill='%s'", width, height, GREY);
            add(" font-family='system-ui, sans-serif' font-size='11'>%n");
            String title = "What generations leave behind: in use after a full collection";
            text(8, 20, "font-size='15' font-weight='600'", title);
            text(8, 38, "", "Java " + Runtime.version().feature() + ", " + JAVA_OPTIONS + ", while clients ask");
            for (int i = 0; i < runs.size(); i++) {
                drawRun(runs.get(i), TOP + i * ROW, COLORS.get(i));
            }
            add("</svg>%n");
            Files.writeString(file, svg);
        }

        private void drawRun(Run run, int top, String color) {
            String title = String.format(
                    "%,d classes, %,d generations, %,d answers (shaded: 5%% around the value after the %dth)",
                    run.classes(), run.generations(), run.answers(), run.warm());
            text(8, top - 28, "font-size='12' font-weight='600' fill='" + color + "'", title);
            for (Series series : Series.values()) {
                int left = LEFT + series.ordinal() * COLUMN;
                text(left, top - 9, "", series.label + (series.unit.isEmpty() ? "" : ", " + series.unit));
                add("<g transform='translate(%d %d)'>%n", left, top);
                drawPanel(run, series, color);
                add("</g>%n");
            }
        }

        private void drawPanel(Run run, Series series, String color) {
            double step = step(run.maximum(series));
            double limit = step * (Math.floor(run.maximum(series) * TOLERANCE / step) + 1);
            for (double tick = 0; tick <= limit; tick += step) {
                double y = y(tick, limit);
                double opacity = tick == 0 ? 1 : 0.25;
                add("<path d='M0 %.1fh%d' stroke='%s' stroke-opacity='%.2f'/>%n", y, WIDTH, GREY, opacity);
                text(-5, y + 4, "text-anchor='end'", String.format("%.0f", tick));
            }
            text(0, HEIGHT + 15, "", "0");
            text(WIDTH / 2, HEIGHT + 15, "text-anchor='middle'", "generations");
            text(WIDTH, HEIGHT + 15, "text-anchor='end'", String.format("%,d", run.generations()));
            drawLine(run, series, limit, color);
        }

        private void drawLine(Run run, Series series, double limit, String color) {
            double from = x(run.warm(), run);
            double above = y(run.warm(series) * TOLERANCE, limit);
            double below = y(run.warm(series) * (2 - TOLERANCE), limit);
            add("<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f'", from, above, WIDTH - from, below - above);
            add(" fill='%s' fill-opacity='0.2'/>%n", color);
            add("<polyline fill='none' stroke='%s' stroke-width='1.5' points='", color);
            for (Sample sample : run.samples()) {
                add("%.1f,%.1f ", x(sample.generation(), run), y(sample.values().get(series), limit));
            }
            add("'/>%n");
            String end = String.format(series.unit.isEmpty() ? "%.0f" : "%.2f", run.end(series));
            text(WIDTH, below + 13, "text-anchor='end' fill='" + color + "'", end);
        }

        private static double x(int generation, Run run) {
            return (double) WIDTH * generation / run.generations();
        }

        private static double y(double value, double limit) {
            return HEIGHT * (1 - value / limit);
        }

        /** For three to six lines. */
        private static double step(double maximum) {
            double power = Math.pow(10, Math.floor(Math.log10(maximum)));
            double leading = maximum / power;
            return power * (leading < 2.5 ? 0.5 : leading < 5 ? 1 : 2);
        }

        private void text(double x, double y, String attributes, String text) {
            add("<text x='%.0f' y='%.0f' %s>%s</text>%n", x, y, attributes, text);
        }

        private void add(String format, Object... values) {
            svg.append(String.format(Locale.ROOT, format, values));
        }
    }

    // What all need

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS) || problems.get() > MANY) {
                throw new IllegalStateException("still waiting for " + what);
            }
            Thread.sleep(1);
        }
    }

    static double number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in: " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void deleteTree(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
