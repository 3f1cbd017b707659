package dev.supervisor.cli;

import dev.supervisor.load.Json;
import dev.supervisor.load.LoadResult;
import dev.supervisor.load.LoadTest;
import dev.supervisor.load.LoadTestException;
import dev.supervisor.load.Page;
import dev.supervisor.load.Report;
import dev.supervisor.text.IoReason;
import dev.supervisor.text.VisibleText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jline.terminal.spi.SystemStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code supervisor load-test}. */
@Command(
        name = LoadTestCommand.NAME,
        header = "Asks a server while it is reloaded, and counts what goes wrong.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        abbreviateSynopsis = true,
        customSynopsis = {
            "supervisor load-test [OPTIONS] URL",
            "supervisor load-test [OPTIONS] URL --reload-cmd COMMAND",
            "supervisor load-test [OPTIONS] URL --app PATH --touch JAR..."
        },
        description = {
            "",
            "Asks a server all the time while it is reloaded, and counts what its clients meet: refused and reset"
                    + " connections, requests without an answer, wrong and stale answers, and how long they waited."
                    + " The server may be any that speaks HTTP/1.1.",
            ""
        },
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        footer = {
            "",
            "Ctrl-C ends early, with a full report; a second one ends at once.",
            "Exit codes: 0 nothing failed, 1 something did, or there was no server, 2 wrong usage.",
            "",
            "Examples:",
            "  supervisor load-test http://127.0.0.1:8888/",
            "  supervisor load-test http://127.0.0.1:8888/ -c 64 -d 30s \\",
            "      --reload-every 500ms --app app.jar --touch v1.jar v2.jar \\",
            "      --version-regex 'Generation (\\d+)' --html report.html",
            "  supervisor load-test http://127.0.0.1:8888/ --rate 2000 --mode mixed \\",
            "      --reload-cmd 'make jar'"
        })
final class LoadTestCommand implements Callable<Integer> {

    static final String NAME = "load-test";

    private static final int GOOD = 0;
    private static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final LoadTestArguments arguments = new LoadTestArguments();

    @Override
    public Integer call() throws InterruptedException {
        LoadTest test = test();
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        try {
            checkFiles();
            return run(test);
        } catch (LoadTestException e) {
            err.println("supervisor: " + VisibleText.of(String.valueOf(e.getMessage())));
            return FAILED;
        } catch (IOException e) {
            err.println("supervisor: can't write the result: " + IoReason.of(e, ""));
            return FAILED;
        }
    }

    private LoadTest test() {
        try {
            return arguments.toLoadTest();
        } catch (LoadTestException e) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), e.getMessage(), e);
        }
    }

    /** Checks whether the result files can be written, before the load and not after ten minutes of it. */
    private void checkFiles() {
        Stream.of(arguments.json(), arguments.html()).flatMap(Optional::stream).forEach(LoadTestCommand::checkFile);
        if (arguments.json().isPresent() && arguments.json().equals(arguments.html())) {
            throw new LoadTestException("--json and --html name the same file");
        }
    }

    private static void checkFile(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        boolean writable = Files.exists(file)
                ? Files.isWritable(file) && !Files.isDirectory(file)
                : parent != null && Files.isWritable(parent);
        if (!writable) {
            throw new LoadTestException("can't write to '" + file
                    + "': it is a directory or not writable, or its directory is not there or not writable");
        }
    }

    private int run(LoadTest test) throws InterruptedException, IOException {
        Signals signals = Signals.handle(Terminal.gone());
        Thread stopper = new Thread(() -> {
            signals.awaitStop();
            test.stop();
        });
        stopper.setDaemon(true);
        stopper.start();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        ProgressLine line = Terminal.changesLines(SystemStream.Output)
                ? ProgressLine.onTerminal(
                        new StatusLine(System.out, () -> Terminal.width(SystemStream.Output), new Foreground(true)))
                : ProgressLine.eachInALine(out);
        LoadResult result = test.run(line);
        line.end();
        Report.lines(result).stream().map(VisibleText::of).forEach(out::println); // answers are foreign text
        if (arguments.json().isPresent()) {
            Json.write(result, arguments.json().get());
        }
        if (arguments.html().isPresent()) {
            Page.write(result, arguments.html().get());
            out.println("  see " + arguments.html().get().toAbsolutePath().toUri());
        }
        if (out.checkError()) {
            throw new IOException("standard output can't be written");
        }
        return result.good() ? GOOD : FAILED;
    }
}
