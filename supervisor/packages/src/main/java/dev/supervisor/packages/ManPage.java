package dev.supervisor.packages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The man page of a command, of what {@code --help} says.
 *
 * <p>Not by picocli's {@code ManPageGenerator}: it takes the texts for AsciiDoc, in which {@code --}, {@code ...},
 * {@code LISTEN_FDS} and {@code [NAME=]} mean something else, and it knows nothing of our groups of options.
 */
final class ManPage {

    private static final String SUBJECT = "swap an application behind a socket that never closes";
    private static final String EXIT_CODES = "Exit codes: ";
    private static final String EXAMPLES = "Examples:";

    private final CommandSpec command;
    private final Roff page;

    private ManPage(CommandSpec command, String date) {
        this.command = command;
        this.page = new Roff(
                name(command).toUpperCase(Locale.ROOT), date, command.root().version()[0]);
    }

    /** Returns the commands that have a page: this one and those below it. */
    static List<CommandSpec> commands(CommandLine command) {
        List<CommandSpec> commands = new ArrayList<>(List.of(command.getCommandSpec()));
        below(command.getCommandSpec()).forEach(each -> commands.addAll(commands(each.commandLine())));
        return commands;
    }

    /** Returns the name of a command's page, such as {@code supervisor-config-check}. */
    static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    /** @param date of the page, such as 2026-01-31 */
    static String text(CommandSpec command, String date) {
        return new ManPage(command, date).write().toString();
    }

    private Roff write() {
        page.section("NAME").line(Roff.escaped(name(command)) + " \\- " + Roff.escaped(subject(command)));
        page.section("SYNOPSIS");
        synopsis();
        page.section("DESCRIPTION");
        blocks(Arrays.asList(command.usageMessage().description()));
        arguments();
        options();
        subcommands();
        footer();
        page.section("SEE ALSO").paragraph(others());
        return page;
    }

    /** Returns what a command does, as lists of pages show it. */
    private static String subject(CommandSpec command) {
        String header = String.join(" ", command.usageMessage().header()).replaceFirst("\\.$", "");
        return header.isEmpty() ? SUBJECT : header.substring(0, 1).toLowerCase(Locale.ROOT) + header.substring(1);
    }

    private void synopsis() {
        List<String> lines = Arrays.asList(command.usageMessage().customSynopsis());
        if (lines.isEmpty()) {
            lines = List.of(command.commandLine()
                    .getHelp()
                    .synopsis(0)
                    .replaceAll("\\s+", " ")
                    .strip());
        }
        page.line(lines.stream().map(Roff::bold).collect(Collectors.joining("\n.br\n")));
    }

    private void arguments() {
        List<PositionalParamSpec> shown = command.positionalParameters().stream()
                .filter(each -> !each.hidden())
                .toList();
        if (!shown.isEmpty()) {
            page.section("ARGUMENTS");
            shown.forEach(each -> page.item(Roff.italic(each.paramLabel()), meaning(each)));
        }
    }

    private void options() {
        page.section("OPTIONS");
        List<CommandSpec> groups = command.mixins().values().stream()
                .filter(mixin -> !mixin.mixins().isEmpty())
                .toList();
        List<OptionSpec> grouped = groups.stream()
                .flatMap(group -> group.mixins().values().stream())
                .flatMap(group -> group.options().stream())
                .toList();
        List<OptionSpec> others = new ArrayList<>(command.options());
        others.removeIf(option -> isAmong(grouped, option));
        groups.forEach(group -> group.mixins().forEach((heading, members) -> {
            page.subsection(heading);
            options(members.options());
        }));
        if (!groups.isEmpty()) {
            page.subsection("Help");
        }
        options(others);
    }

    private static boolean isAmong(List<OptionSpec> options, OptionSpec option) {
        return options.stream().anyMatch(each -> each.longestName().equals(option.longestName()));
    }

    private void options(Collection<OptionSpec> options) {
        options.stream().filter(option -> !option.hidden()).forEach(option -> page.item(term(option), meaning(option)));
    }

    private static String term(OptionSpec option) {
        String names = Stream.of(option.names()).map(Roff::bold).collect(Collectors.joining(", "));
        if (option.arity().max() == 0) {
            return names;
        }
        String value = "=" + Roff.italic(option.paramLabel());
        return names + (option.arity().min() == 0 ? "[" + value + "]" : value);
    }

    private static String meaning(ArgSpec argument) {
        return filled(String.join(" ", argument.description()));
    }

    private void subcommands() {
        List<CommandSpec> below = below(command);
        if (!below.isEmpty()) {
            page.section("COMMANDS");
            below.forEach(each -> page.item(Roff.bold(name(each)) + "(1)", subject(each)));
        }
    }

    private void footer() {
        List<String> footer =
                new ArrayList<>(Arrays.asList(command.usageMessage().footer()));
        int examples = footer.indexOf(EXAMPLES);
        List<String> shown = examples < 0 ? List.of() : footer.subList(examples + 1, footer.size());
        List<String> notes = examples < 0 ? footer : footer.subList(0, examples);
        List<String> codes =
                notes.stream().filter(each -> each.startsWith(EXIT_CODES)).toList();
        List<String> rest = notes.stream()
                .filter(each -> !each.isBlank() && !codes.contains(each))
                .toList();
        if (!rest.isEmpty()) {
            page.section("NOTES");
            blocks(rest);
        }
        if (!codes.isEmpty()) {
            page.section("EXIT STATUS");
            codes.forEach(each -> page.paragraph(filled(each.substring(EXIT_CODES.length()))));
        }
        if (!shown.isEmpty()) {
            page.section("EXAMPLES");
            blocks(shown);
        }
    }

    /** Adds paragraphs, each of one line; lines that begin with a blank are an example, with the blank lines between them. */
    private void blocks(List<String> lines) {
        List<String> example = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(" ") || (line.isBlank() && !example.isEmpty())) {
                example.add(line.replace("%%", "%").replaceFirst("^ {2}", ""));
                continue;
            }
            flush(example);
            if (!line.isBlank()) {
                page.paragraph(filled(line));
            }
        }
        flush(example);
    }

    private void flush(List<String> example) {
        while (!example.isEmpty() && example.get(example.size() - 1).isBlank()) {
            example.remove(example.size() - 1);
        }
        if (!example.isEmpty()) {
            page.example(example);
            example.clear();
        }
    }

    private String others() {
        CommandSpec parent = command.parent();
        List<CommandSpec> others = new ArrayList<>(below(command));
        if (parent != null) {
            others.add(parent);
            below(parent).stream().filter(each -> each != command).forEach(others::add);
        }
        return others.stream().map(each -> name(each) + "(1)").collect(Collectors.joining(", "));
    }

    private static List<CommandSpec> below(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(each -> !(each.userObject() instanceof HelpCommand))
                .toList();
    }

    /** Returns a text of picocli's, in which a percent sign may stand twice, as one line. */
    private static String filled(String text) {
        return text.replaceAll("%n|\\s+", " ").replace("%%", "%").strip();
    }
}
