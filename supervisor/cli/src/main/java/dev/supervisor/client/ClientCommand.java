package dev.supervisor.client;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One of the commands that ask a running supervisor. */
public final class ClientCommand {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    /** For the first look at several. */
    private static final Duration LOOKED_AT_WITHIN = Duration.ofSeconds(1);

    private static final String TEXT = "text/plain";
    private static final String JSON = "application/json";
    private static final int TURN_MILLIS = 50;

    private final ClientArguments arguments;
    private final Map<String, String> environment;
    private final Supplier<Path> launcher;
    private final PrintStream out;
    private final PrintStream err;

    private ClientCommand(
            ClientArguments arguments,
            Map<String, String> environment,
            Supplier<Path> launcher,
            PrintStream out,
            PrintStream err) {
        this.arguments = arguments;
        this.environment = environment;
        this.launcher = launcher;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs a command.
     *
     * @param words the command, and its arguments
     * @return the {@linkplain ExitCode exit code}
     */
    public static int run(List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            ClientArguments arguments = ClientArguments.parse(words, environment);
            return new ClientCommand(arguments, environment, ClientCommand::ownLauncher, out, err).run();
        } catch (ControlException e) {
            err.println("supervisor: " + e.getMessage());
            if (e.exitCode() == ExitCode.WRONG_USAGE) {
                err.println("Try 'supervisor" + (words.isEmpty() ? "" : " " + words.get(0)) + " --help'.");
            }
            return e.exitCode();
        }
    }

    /** The jar is in the {@code lib} of the distribution. */
    private static Path ownLauncher() {
        Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
        Path lib = jar.getParent();
        Path home = lib == null ? null : lib.getParent();
        return home == null ? jar : home.resolve("bin").resolve("supervisor");
    }

    private int run() throws ControlException {
        RuntimeDirectory directory = directory();
        long process = process(directory);
        Path socket = directory.control(process);
        return switch (arguments.command()) {
            case "status", "threads" -> show(socket, process, "GET /" + arguments.command() + query());
            case "swap" -> swap(socket, process, "POST /swap" + query(wait(Optional.empty())), arguments.waitTime());
            case "rollback" -> {
                Optional<String> wait = arguments.waitTime().or(() -> Optional.of(""));
                String back = arguments.operands().isEmpty()
                        ? "1"
                        : arguments.operands().get(0);
                yield swap(socket, process, "POST /rollback" + query(wait(Optional.of("n=" + back))), wait);
            }
            case "pause", "resume", "drain" -> show(socket, process, "POST /" + arguments.command() + query());
            case "logs" -> logs(socket, process);
            case "stop" -> stop(socket, process);
            default -> upgrade(socket, process);
        };
    }

    // Which supervisor

    private RuntimeDirectory directory() throws ControlException {
        try {
            return RuntimeDirectory.find(environment).orElseThrow(this::none);
        } catch (IOException e) {
            throw new ControlException(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    private ControlException none() {
        return new ControlException(
                ExitCode.NOT_RUNNING,
                "no supervisor of this user runs"
                        + arguments.port().map(port -> " on port " + port).orElse("") + " that can be asked (looked in "
                        + RuntimeDirectory.pathOf(environment) + "; " + ControlClient.WHY_NOT_THERE + ")");
    }

    private long process(RuntimeDirectory directory) throws ControlException {
        if (arguments.process().isPresent()) {
            return arguments.process().get();
        }
        List<Long> running;
        try {
            running = directory.processes();
        } catch (IOException e) {
            throw new ControlException(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
        if (running.isEmpty()) {
            throw none();
        }
        if (arguments.port().isPresent()) {
            return onPort(directory, running, arguments.port().get());
        }
        if (running.size() > 1) {
            throw new ControlException(
                    ExitCode.WRONG_USAGE,
                    "several supervisors run (choose one with --port or --pid):\n" + describe(directory, running));
        }
        return running.get(0);
    }

    /** One that stands still, and is another one, does not keep the answer long. */
    private long onPort(RuntimeDirectory directory, List<Long> running, String port) throws ControlException {
        List<Long> silent = new ArrayList<>();
        for (long process : running) {
            try {
                if (hasPort(directory, process, port, LOOKED_AT_WITHIN)) {
                    return process;
                }
            } catch (ControlException e) {
                silent.add(process); // it may be the one
            }
        }
        Optional<ControlException> reason = Optional.empty();
        for (long process : silent) {
            try {
                if (hasPort(directory, process, port, ANSWER_WITHIN)) {
                    return process;
                }
            } catch (ControlException e) {
                reason = Optional.of(e);
            }
        }
        throw reason.orElseGet(this::none);
    }

    private static boolean hasPort(RuntimeDirectory directory, long process, String port, Duration within)
            throws ControlException {
        try (ControlClient client = status(directory, process, within)) {
            return Arrays.asList(client.header("Supervisor-Ports").split(" ", -1))
                    .contains(port);
        }
    }

    private static String describe(RuntimeDirectory directory, List<Long> running) {
        List<String> lines = new ArrayList<>();
        for (long process : running) {
            try (ControlClient client = status(directory, process, LOOKED_AT_WITHIN)) {
                lines.add("  " + client.nextLine(process).orElse("process " + process));
            } catch (ControlException e) {
                lines.add("  " + e.getMessage()); // which names the process
            }
        }
        return String.join("\n", lines);
    }

    private static ControlClient status(RuntimeDirectory directory, long process, Duration within)
            throws ControlException {
        return ControlClient.ask(directory.control(process), process, "GET /status", TEXT, "", Optional.of(within));
    }

    // What is asked

    private String query(String... parameters) {
        List<String> all = new ArrayList<>(List.of(parameters));
        arguments.application().ifPresent(name -> all.add("app=" + URLEncoder.encode(name, StandardCharsets.UTF_8)));
        return all.isEmpty() ? "" : "?" + String.join("&", all);
    }

    private String[] wait(Optional<String> more) {
        List<String> parameters = new ArrayList<>();
        more.ifPresent(parameters::add);
        arguments.waitTime().ifPresent(wait -> parameters.add("wait=" + wait));
        return parameters.toArray(String[]::new);
    }

    private int show(Path socket, long process, String request) throws ControlException {
        return show(socket, process, request, ANSWER_WITHIN);
    }

    /** Prints the answer, and returns the exit code that it names. */
    private int show(Path socket, long process, String request, Duration within) throws ControlException {
        String accept = arguments.json() ? JSON : TEXT;
        try (ControlClient client = ControlClient.ask(socket, process, request, accept, "", Optional.of(within))) {
            byte[] body = client.body(process);
            int exitCode = exitCode(client.header("Exit-Code"));
            String text = new String(body, StandardCharsets.UTF_8);
            boolean isMessage = !arguments.json() && text.startsWith("supervisor: ");
            (isMessage ? err : out).print(text);
            return exitCode;
        }
    }

    private static int exitCode(String header) {
        return header.matches("[0-9]") ? Integer.parseInt(header) : ExitCode.UNKNOWN;
    }

    private int swap(Path socket, long process, String request, Optional<String> wait) throws ControlException {
        Duration waits =
                wait.map(text -> WaitTime.parse(text).orElse(WaitTime.USUAL)).orElse(Duration.ZERO);
        return show(socket, process, request, waits.plus(ANSWER_WITHIN));
    }

    private int logs(Path socket, long process) throws ControlException {
        String request = "GET /events" + (arguments.follows() ? query("follow=true") : query());
        String accept = arguments.json() ? JSON : TEXT;
        Optional<Duration> within = arguments.follows() ? Optional.empty() : Optional.of(ANSWER_WITHIN);
        try (ControlClient client = ControlClient.ask(socket, process, request, accept, "", within)) {
            String exitCode = client.header("Exit-Code");
            PrintStream printed = exitCode.isEmpty() || arguments.json() ? out : err;
            if (arguments.follows()) {
                client.copyBody(printed, process);
            } else { // all is read first: a pager may take longer than the answer may
                byte[] body = client.body(process);
                printed.write(body, 0, body.length);
            }
            return exitCode.isEmpty() ? ExitCode.DONE : exitCode(exitCode);
        }
    }

    /** Returns when the process has ended, which its own deadlines bound. */
    private int stop(Path socket, long process) throws ControlException {
        int exitCode = show(socket, process, "POST /stop");
        Optional<ProcessHandle> handle = ProcessHandle.of(process);
        while (exitCode == ExitCode.DONE && handle.filter(Liveness::isAlive).isPresent()) {
            try {
                Thread.sleep(TURN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ExitCode.UNKNOWN;
            }
        }
        return exitCode;
    }

    /** Prints the steps as they come; the last line tells whether there is a successor. */
    private int upgrade(Path socket, long process) throws ControlException {
        Path script = launcher.get();
        if (!Files.isExecutable(script)) {
            throw new ControlException(
                    ExitCode.FAILED,
                    "can't upgrade: there is no " + script + " (start the command by the script of its distribution)");
        }
        String body = "{\"launcher\":" + quoted(script.toString()) + ",\"javaHome\":"
                + quoted(System.getProperty("java.home"))
                + arguments
                        .others()
                        .filter(others -> !others.isEmpty())
                        .map(ClientCommand::field)
                        .orElse("") + "}";
        try (ControlClient client = ControlClient.ask(socket, process, "POST /upgrade", TEXT, body, Optional.empty())) {
            String last = "";
            for (Optional<String> line = line(client, process); line.isPresent(); line = line(client, process)) {
                last = line.get();
                err.println(last);
            }
            if (last.endsWith(" has taken over")) {
                return ExitCode.DONE;
            }
            if (!last.startsWith("supervisor: ")) {
                err.println("supervisor: can't upgrade: process " + process + " has ended before it was done");
            }
            String exitCode = client.header("Exit-Code");
            return exitCode.isEmpty() ? ExitCode.FAILED : exitCode(exitCode);
        }
    }

    /** A supervisor that is killed says nothing more. */
    private static Optional<String> line(ControlClient client, long process) {
        try {
            return client.nextLine(process);
        } catch (ControlException e) {
            return Optional.empty();
        }
    }

    private static String field(List<String> arguments) {
        StringBuilder field = new StringBuilder(",\"arguments\":[");
        for (int i = 0; i < arguments.size(); i++) {
            field.append(i == 0 ? "" : ",").append(quoted(arguments.get(i)));
        }
        return field.append(']').toString();
    }

    /** Returns a string of JSON (RFC 8259, 7). */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
