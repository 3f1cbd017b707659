package dev.supervisor.maven;

import dev.supervisor.compile.Delegate.Answer;
import dev.supervisor.compile.DelegateClient;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A program that the plugin starts in place of the supervisor: it tells a test what it was started with, and does what the test
 * says.
 */
final class FakeSupervisor {

    static final String PORT = "FAKE_SUPERVISOR_PORT";
    static final String EXIT = "exit";
    static final String RESOLVE = "resolve";
    static final String PREPARE = "prepare";
    static final String EXECUTE = "execute";

    private FakeSupervisor() {}

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv(PORT));
        try (Socket test = new Socket(InetAddress.getLoopbackAddress(), port)) {
            DataInputStream in = new DataInputStream(test.getInputStream());
            DataOutputStream out = new DataOutputStream(test.getOutputStream());
            out.writeLong(ProcessHandle.current().pid());
            write(List.of(args), out);
            int socket = Arrays.asList(args).indexOf("--project-tool") + 1;
            DelegateClient maven = new DelegateClient(Path.of(args[socket]));
            while (true) {
                String command = in.readUTF();
                String argument = in.readUTF();
                if (command.equals(EXIT)) {
                    System.exit(Integer.parseInt(argument));
                }
                Answer answer = switch (command) {
                    case RESOLVE -> maven.resolve();
                    case PREPARE -> maven.prepare(argument);
                    default -> maven.execute(argument);
                };
                out.writeBoolean(answer.good());
                write(answer.lines(), out);
            }
        }
    }

    private static void write(List<String> lines, DataOutputStream out) throws IOException {
        out.writeInt(lines.size());
        for (String line : lines) {
            out.writeUTF(line);
        }
        out.flush();
    }
}
