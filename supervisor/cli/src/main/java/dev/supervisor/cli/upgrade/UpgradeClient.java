package dev.supervisor.cli.upgrade;

import com.google.gson.Gson;
import dev.supervisor.SupervisorException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Asks a running supervisor for an upgrade. */
public final class UpgradeClient {

    private static final Gson GSON = new Gson();

    private UpgradeClient() {}

    /**
     * Asks for an upgrade, and waits for its end.
     *
     * @param process the supervisor's; empty for the only one of this user
     * @param arguments of the successor; empty for the ones of the running supervisor
     * @param progress receives a line for each step
     * @throws SupervisorException if the supervisor can't be asked, or there is no successor
     */
    public static void upgrade(
            Map<String, String> environment,
            OptionalLong process,
            Optional<List<String>> arguments,
            Consumer<String> progress) {
        try {
            RuntimeDirectory directory = RuntimeDirectory.of(environment);
            long asked = process.isPresent() ? process.getAsLong() : only(directory.processes());
            Succession.Program program = Succession.Program.own(List.of());
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                connect(channel, directory, asked);
                ControlSocket.Request request = new ControlSocket.Request(
                        program.launcher().toString(), program.javaHome().toString(), arguments.orElse(null));
                PrintWriter out = new PrintWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), true);
                out.println(GSON.toJson(request));
                await(new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8)), asked, progress);
            }
        } catch (IOException e) {
            throw new SupervisorException("can't upgrade: " + e.getMessage(), e);
        }
    }

    private static long only(List<Long> processes) {
        if (processes.size() == 1) {
            return processes.get(0);
        }
        throw new SupervisorException(
                processes.isEmpty()
                        ? "no supervisor of this user runs that could be upgraded"
                        : "several supervisors run: processes "
                                + processes.stream().map(String::valueOf).collect(Collectors.joining(", "))
                                + " (choose one with --pid)");
    }

    private static void connect(SocketChannel channel, RuntimeDirectory directory, long process) {
        try {
            channel.connect(UnixDomainSocketAddress.of(directory.control(process)));
        } catch (IOException e) {
            throw new SupervisorException(
                    "process " + process + " can't be reached at " + directory.control(process) + ": " + e.getMessage()
                            + " (is it a supervisor of this user?)",
                    e);
        }
    }

    private static void await(BufferedReader in, long process, Consumer<String> progress) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            ControlSocket.Answer answer = GSON.fromJson(line, ControlSocket.Answer.class);
            if (answer.failed()) {
                throw new SupervisorException(answer.message());
            }
            progress.accept(answer.message());
            if (answer.successor() != 0) {
                return;
            }
        }
        throw new IOException("process " + process + " has ended before it was done");
    }
}
