package dev.supervisor.client;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The main class of the commands that ask a running supervisor, and of {@code --version}; the start script runs it. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int exitCode = run(List.of(arguments), out, err);
        out.flush();
        System.exit(exitCode);
    }

    private static int run(List<String> words, PrintStream out, PrintStream err) {
        if (VersionText.isAskedForBy(words)) {
            VersionText.lines().forEach(out::println);
            return ExitCode.DONE;
        }
        return ClientCommand.run(words, System.getenv(), out, err);
    }
}
