import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;

/**
 * Measures what the supervisor costs while nothing is swapped: the same application under the supervisor and on plain
 * Netty, asked by wrk on keep-alive connections, and then with a connection for each request. A second plain server
 * shows how far two servers are apart that are the same. All three run all the time; in each round each of them is
 * asked once, in another order, and is compared with the plain server in the same round. Any error that wrk sees ends
 * it all.
 *
 * <p>After a build, from the project's directory, with wrk on the PATH, on Linux:
 * {@code java bench/SteadyState.java [ROUNDS [SECONDS]]}. The servers run on the same JVM as this program, all with the
 * options in {@code SUPERVISOR_JAVA_OPTS}, by default {@code -Xms512m -Xmx512m}. So that a connection for each request
 * does not use up the ports, {@code net.ipv4.tcp_tw_reuse} has to be 1 or 2, which it is by default.
 */
class SteadyState {

    static final Path DISTRIBUTION = Path.of("supervisor/target/dist");
    static final String SOURCE = "bench/hello/Hello.java";
    static final int CONNECTIONS = 32;
    static final int WARM_UP_ROUNDS = 4;
    static final double MICROS_PER_TICK = 10_000;
    static final Pattern SOCKET = Pattern.compile("~> http://127.0.0.1:(\\d+)/");
    static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");
    static final Pattern RATE = Pattern.compile("Requests/sec: +([\\d.]+)");

    record Server(String name, Process process, String url, List<Sample> samples) {}

    record Sample(double rate, double cpuMicros) {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        checkThatAllIsThere();
        Path directory = Files.createTempDirectory("steady-state");
        List<Server> servers = new ArrayList<>();
        try {
            Path jar = applicationJar(directory);
            servers.add(start("plain Netty", plainNetty(jar), directory.resolve("plain.log")));
            servers.add(start("supervised", supervised(jar), directory.resolve("supervised.log")));
            servers.add(start("plain again", plainNetty(jar), directory.resolve("again.log")));
            System.out.printf(
                    "Java %s, %d processors%n",
                    Runtime.version(), Runtime.getRuntime().availableProcessors());
            measure("keep-alive", servers, rounds, seconds, List.of());
            measure("a connection for each request", servers, rounds, seconds, List.of("-H", "Connection: close"));
        } finally {
            for (Server server : servers) {
                server.process().destroy();
                server.process().waitFor();
            }
            deleteTree(directory);
        }
    }

    static void checkThatAllIsThere() throws InterruptedException {
        if (!Files.exists(DISTRIBUTION.resolve("bin/supervisor"))) {
            fail("there is no " + DISTRIBUTION
                    + " (build it: mvn -B -q package -DskipTests; run this where the pom.xml is)");
        }
        try {
            new ProcessBuilder("wrk", "-v").redirectErrorStream(true).start().waitFor();
        } catch (IOException e) {
            fail("there is no wrk on the PATH (install it, as by: apt-get install wrk)");
        }
    }

    static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }

    // The servers

    static Path applicationJar(Path directory) throws IOException {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        String[] arguments = {"-cp", DISTRIBUTION + "/lib/supervisor.jar", "-d", classes.toString(), SOURCE};
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments) != 0) {
            throw new IllegalStateException(SOURCE + " can't be compiled");
        }
        Files.writeString(classes.resolve("answer.txt"), "Hello\n");
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.supervisor.spi.Application"), "hello.Hello\n");
        return jar(classes, directory.resolve("hello.jar"));
    }

    static Path jar(Path classes, Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    static List<String> supervised(Path jar) {
        return List.of(DISTRIBUTION + "/bin/supervisor", "--port", "0", "--app", jar.toString());
    }

    /** With the class path and the logging that the supervisor has. */
    static List<String> plainNetty(Path jar) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of(javaOptions().split(" +")));
        command.add("-Dlogback.configurationFile=supervisor-logback.xml");
        command.addAll(List.of("-cp", DISTRIBUTION + "/lib/supervisor.jar:" + jar, "hello.Hello"));
        return command;
    }

    static String javaOptions() {
        return System.getenv().getOrDefault("SUPERVISOR_JAVA_OPTS", "-Xms512m -Xmx512m");
    }

    static Server start(String name, List<String> command, Path log) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SUPERVISOR_JAVA_OPTS", javaOptions());
        Process process = builder.start();
        while (process.isAlive()) {
            Matcher socket = SOCKET.matcher(Files.readString(log));
            if (socket.find()) {
                return new Server(name, process, "http://127.0.0.1:" + socket.group(1) + "/", new ArrayList<>());
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException(name + " did not start: " + Files.readString(log));
    }

    // The rounds

    static void measure(String mode, List<Server> servers, int rounds, int seconds, List<String> header)
            throws Exception {
        System.out.printf("%n%s, %d connections at a time, %d rounds of %d s%n", mode, CONNECTIONS, rounds, seconds);
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            askInTurn(servers, round, seconds, header);
        }
        servers.forEach(server -> server.samples().clear());
        for (int round = 0; round < rounds; round++) {
            askInTurn(servers, round, seconds, header);
            System.out.print(".");
        }
        System.out.println();
        print(servers);
    }

    /** Each round begins with another server, and every other round runs backwards. */
    static void askInTurn(List<Server> servers, int round, int seconds, List<String> header) throws Exception {
        List<Server> order = new ArrayList<>(servers);
        Collections.rotate(order, round);
        if (round % 2 == 1) {
            Collections.reverse(order);
        }
        for (Server server : order) {
            server.samples().add(ask(server, seconds, header));
        }
    }

    static Sample ask(Server server, int seconds, List<String> header) throws Exception {
        List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s"));
        command.addAll(header);
        command.add(server.url());
        long before = cpuTicks(server.process());
        Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
        String report = new String(wrk.getInputStream().readAllBytes());
        long ticks = cpuTicks(server.process()) - before;
        double requests = number(REQUESTS, report);
        if (wrk.waitFor() != 0 || requests == 0 || report.contains("Socket errors") || report.contains("Non-2xx")) {
            throw new IllegalStateException(server.name() + " has failed wrk: " + report);
        }
        return new Sample(number(RATE, report), ticks * MICROS_PER_TICK / requests);
    }

    /** User and system time; the name that stands before may have blanks in it. */
    static long cpuTicks(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    static double number(Pattern pattern, String report) {
        Matcher matcher = pattern.matcher(report);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in the report of wrk: " + report);
        }
        return Double.parseDouble(matcher.group(1));
    }

    // The table

    static void print(List<Server> servers) {
        System.out.printf("%-12s %27s   %27s%n", "", "requests/s", "CPU µs/request");
        System.out.printf("%-12s %9s%9s%9s   %9s%9s%9s%n", "", "min", "median", "max", "min", "median", "max");
        for (Server server : servers) {
            double[] rates = sorted(server, Sample::rate);
            double[] cpu = sorted(server, Sample::cpuMicros);
            System.out.printf("%-12s ", server.name());
            System.out.printf("%9.0f%9.0f%9.0f   ", quantile(rates, 0), quantile(rates, 0.5), quantile(rates, 1));
            System.out.printf("%9.2f%9.2f%9.2f%n", quantile(cpu, 0), quantile(cpu, 0.5), quantile(cpu, 1));
        }
        System.out.println("against plain Netty in the same round, more is better: median (quartiles)");
        for (Server server : servers.subList(1, servers.size())) {
            String rate = ratios(server, servers.get(0), Sample::rate);
            String cpu = ratios(servers.get(0), server, Sample::cpuMicros);
            System.out.printf("%-12s rate %s   requests per CPU time %s%n", server.name(), rate, cpu);
        }
    }

    static double[] sorted(Server server, ToDoubleFunction<Sample> value) {
        return server.samples().stream().mapToDouble(value).sorted().toArray();
    }

    static String ratios(Server one, Server other, ToDoubleFunction<Sample> value) {
        double[] ratios = IntStream.range(0, one.samples().size())
                .mapToDouble(i -> value.applyAsDouble(one.samples().get(i))
                        / value.applyAsDouble(other.samples().get(i)))
                .sorted()
                .toArray();
        return String.format("%.3f (%.3f-%.3f)", quantile(ratios, 0.5), quantile(ratios, 0.25), quantile(ratios, 0.75));
    }

    static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    static void deleteTree(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
