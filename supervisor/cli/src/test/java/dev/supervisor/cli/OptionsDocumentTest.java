package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The page of all options is what the commands say of themselves. {@code -Doptions.write=true} writes it. */
final class OptionsDocumentTest {

    private static final Path DOCUMENT = Path.of("../../docs/options.md");
    private static final String MARK = "<!-- written by OptionsDocumentTest -->\n";

    @Test
    void thePageOfOptionsIsUpToDate() throws IOException {
        String document = Files.readString(DOCUMENT);
        String before = document.substring(0, document.indexOf(MARK) + MARK.length());
        String expected = before + commands();
        if (Boolean.getBoolean("options.write")) {
            Files.writeString(DOCUMENT, expected);
        }
        assertEquals(expected, Files.readString(DOCUMENT), "outdated (run this test with -Doptions.write=true)");
    }

    private static String commands() {
        CommandLine command = SupervisorCommand.described();
        StringBuilder text = new StringBuilder();
        CommandSpec options =
                Objects.requireNonNull(command.getCommandSpec().mixins().get("options"));
        options.mixins().forEach((heading, group) -> add(text, "## " + heading, group.options()));
        command.getSubcommands().forEach((name, subcommand) -> addCommand(text, name, subcommand));
        return text.toString();
    }

    private static void addCommand(StringBuilder text, String name, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        if (spec.userObject() instanceof CommandLine.HelpCommand) {
            return;
        }
        String header = String.join(" ", spec.usageMessage().header());
        add(text, "## `supervisor " + name + "`\n\n" + header, spec.options());
        command.getSubcommands().forEach((inner, subcommand) -> addCommand(text, name + " " + inner, subcommand));
    }

    private static void add(StringBuilder text, String heading, List<OptionSpec> options) {
        List<OptionSpec> shown = options.stream()
                .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
                .toList();
        text.append('\n').append(heading).append('\n');
        if (shown.isEmpty()) {
            return;
        }
        text.append("\n| | |\n|---|---|\n");
        shown.forEach(option -> text.append(row(option)));
    }

    private static String row(OptionSpec option) {
        String label = option.arity().max() == 0
                ? ""
                : (option.arity().min() == 0 ? "[=" + option.paramLabel() + "]" : "=" + option.paramLabel());
        String names = List.of(option.names()).stream()
                .map(name -> name.equals(option.longestName()) ? "`" + name + label + "`" : "`" + name + "`")
                .collect(Collectors.joining(", "));
        String description = String.join(" ", option.description());
        return "| " + escaped(names) + " | " + escaped(description) + " |\n";
    }

    private static String escaped(String text) {
        return text.replaceAll("%n|\\s+", " ")
                .replace("%%", "%")
                .replace("|", "\\|")
                .replace("<", "&lt;");
    }
}
