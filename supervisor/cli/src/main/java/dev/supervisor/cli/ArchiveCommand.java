package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.cli.archive.ClassArchive;
import java.io.File;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code supervisor archive}. */
@Command(
        name = ArchiveCommand.NAME,
        header = "Makes the supervisor start faster with this JVM, for good.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor archive",
        description = {
            "",
            "Starts a supervisor once, on a free port, and writes the classes that it has loaded to an archive beside the"
                    + " installation, lib/archives (CDS: class data sharing). From then on the supervisor starts in about"
                    + " half of the time with the same JVM. Another JVM, or other jars, pass the archive over: then make"
                    + " it again. To start without it: SUPERVISOR_JAVA_OPTS=-Xshare:off.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 made, 1 failed, 2 wrong usage.",
            "",
            "Examples:",
            "  supervisor archive",
            "  JAVA_HOME=/usr/lib/jvm/jdk-25 supervisor archive"
        })
final class ArchiveCommand implements Callable<Integer> {

    static final String NAME = "archive";

    private static final int MEGABYTE = 1_000_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        String file = System.getProperty(ClassArchive.PROPERTY, "");
        String jar = System.getProperty("java.class.path");
        if (file.isEmpty() || jar.contains(File.pathSeparator)) {
            return failed("can't make an archive: this was not started by bin/supervisor of an installation, or the"
                    + " directory of the JVM has no file 'release'");
        }
        try {
            long length = new ClassArchive(Path.of(file), Path.of(jar)).make();
            Objects.requireNonNull(spec)
                    .commandLine()
                    .getOut()
                    .println("made " + file + " (" + length / MEGABYTE + " MB), for Java " + Runtime.version() + " in "
                            + System.getProperty("java.home"));
            return ExitCode.DONE;
        } catch (SupervisorException e) {
            return failed(e.message(OptionNames::of));
        }
    }

    private int failed(String why) {
        Objects.requireNonNull(spec).commandLine().getErr().println("supervisor: " + why);
        return ExitCode.FAILED;
    }
}
