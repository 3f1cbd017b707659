package dev.supervisor.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.cli.SupervisorCommand;
import dev.supervisor.testing.SameOnEveryJdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;

@SameOnEveryJdk
final class DocumentsTest {

    private static final String DATE = "2026-01-31";
    private static final Pattern CONTROL = Pattern.compile("[.](TH|SH|SS|PP|TP|RS|RE|ad|nh|nf|fi|br)( .*)?");

    @TempDir
    private Path directory;

    @Test
    void eachCommandHasAManPageWithEachOfItsOptions() throws IOException {
        Documents.main(new String[] {directory.toString(), DATE + "T00:00:00Z"});
        CommandLine command = SupervisorCommand.described();
        assertPage("supervisor", command);
        command.getSubcommands().forEach((name, subcommand) -> {
            if (!(subcommand.getCommand() instanceof HelpCommand)) {
                assertPage("supervisor-" + name, subcommand);
            }
        });
        assertTrue(Files.exists(page("supervisor-config-check")));
    }

    private void assertPage(String name, CommandLine command) {
        String page = read(page(name));
        for (OptionSpec option : command.getCommandSpec().options()) {
            assertEquals(!option.hidden(), page.contains(Roff.bold(option.longestName())), name + ": " + option);
        }
        page.lines()
                .filter(line -> line.startsWith(".") || line.startsWith("'"))
                .forEach(line -> assertTrue(CONTROL.matcher(line).matches(), name + ": " + line));
    }

    private Path page(String name) {
        return directory.resolve("man1").resolve(name + ".1");
    }

    @Test
    void aManPageShowsWhatHelpSays() {
        String page = ManPage.text(SupervisorCommand.described().getCommandSpec(), DATE);
        List<String> lines = page.lines().toList();
        assertTrue(lines.get(0).matches("[.]TH \"SUPERVISOR\" 1 2026-01-31 \"supervisor [^\"]+\" .*"), page);
        assertEquals(
                List.of(".SS \"Sockets\"", ".TP", "\\fB\\-p\\fR, \\fB\\-\\-port\\fR=\\fIN\\fR"),
                lines.subList(lines.indexOf(".SH \"OPTIONS\"") + 1, lines.indexOf(".SH \"OPTIONS\"") + 4));
        assertTrue(page.contains(".SH \"EXIT STATUS\"\n0 stopped"), page);
        assertTrue(page.contains(".nf\nsupervisor \\-\\-port 8888 \\-\\-app build/libs/app.jar\n"), page);
        assertTrue(page.contains("supervisor\\-config(1)"), page);
    }

    @Test
    void bashCompletesCommandsOptionsAndTheirValues() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "bash is missing");
        Documents.main(new String[] {directory.toString(), DATE});
        assertEquals("swap", complete("supervisor sw"));
        assertEquals("--drain-timeout", complete("supervisor --drain-t"));
        assertEquals("overlap", complete("supervisor --swap ov"));
        assertEquals("overlap", complete("supervisor --swap = ov"));
        assertEquals("hold overlap recreate", complete("supervisor --port = 1 --swap ="));
        assertEquals("", complete("supervisor --port 1 -- no-such-fi"));
        assertEquals("check", complete("supervisor config ch"));
        assertEquals("--connections", complete("supervisor load-test --conn"));
    }

    /** Returns what bash would complete the last word to, in one line; it parts words at an equals sign, too. */
    private String complete(String line) throws IOException, InterruptedException {
        String script =
                "compopt() { :; }; source \"$1\"; COMP_LINE=$2; COMP_POINT=${#2}; read -ra COMP_WORDS <<<\"$2\";"
                        + " COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                        + " _complete_supervisor supervisor \"${COMP_WORDS[COMP_CWORD]}\"; IFS=' '; echo \"${COMPREPLY[*]}\"";
        Path completion = directory.resolve("completions/supervisor");
        Process process = new ProcessBuilder("/bin/bash", "--norc", "-c", script, "bash", completion.toString(), line)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        return output.strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
