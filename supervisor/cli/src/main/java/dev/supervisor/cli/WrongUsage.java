package dev.supervisor.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Describes in this program's words what picocli has found wrong with a command line. */
final class WrongUsage {

    /** By command: what goes after {@code --}. */
    private static final Map<String, String> AFTER_DASHES = Map.of(
            "supervisor", " (the application is named by --app PATH, and its arguments go after --)",
            "exec", " (the command goes after --)");

    private static final Pattern UNKNOWN_COMMAND = Pattern.compile("^Unknown subcommand '");

    private static final Pattern IN_QUOTES = Pattern.compile("'([^']+)'");

    /** Picocli's reason for rejecting the value of an enum option; it lists the constants in capitals. */
    private static final Pattern ABOUT_CONSTANTS = Pattern.compile("expected one of \\[.*");

    private WrongUsage() {}

    static String describe(ParameterException wrong) {
        String message = String.valueOf(wrong.getMessage());
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched);
        }
        if (UNKNOWN_COMMAND.matcher(message).find()) { // of 'help'
            return noCommand(firstQuoted(message), root(wrong.getCommandLine()));
        }
        if (wrong instanceof OverwrittenOptionException) {
            return firstQuoted(message) + " is given twice";
        }
        if (wrong instanceof MissingParameterException) {
            return message.contains("for option")
                    ? firstQuoted(message) + " needs a value"
                    : firstQuoted(message) + " is missing";
        }
        return wrong.getCause() instanceof TypeConversionException conversion && wrong.getArgSpec() != null
                ? nameOf(wrong.getArgSpec()) + ": " + reason(wrong, conversion)
                : message;
    }

    private static String unmatched(UnmatchedArgumentException unmatched) {
        String argument = unmatched.getUnmatched().isEmpty()
                ? ""
                : unmatched.getUnmatched().get(0);
        if (unmatched.isUnknownOption()) {
            return "there is no option '" + argument + "'"
                    + Spelling.meant(
                                    argument.replaceFirst("=.*", ""),
                                    unmatched
                                            .getCommandLine()
                                            .getCommandSpec()
                                            .optionsMap()
                                            .keySet())
                            .map(meant -> " (did you mean " + meant + "?)")
                            .orElse("");
        }
        if (argument.startsWith("@")) {
            return "can't read options from '" + argument.substring(1) + "': there is no such file";
        }
        CommandLine command = unmatched.getCommandLine();
        return isInPlaceOfCommand(argument, command)
                ? noCommand(argument, command)
                : "unexpected argument '" + argument + "'" + AFTER_DASHES.getOrDefault(command.getCommandName(), "");
    }

    private static String noCommand(String word, CommandLine parent) {
        return "there is no command '" + word + "'"
                + Spelling.meant(word, parent.getSubcommands().keySet())
                        .map(meant -> " (did you mean " + meant + "?)")
                        .orElse(parent.getParent() == null ? " (an application is named by --app PATH)" : "");
    }

    private static CommandLine root(CommandLine command) {
        CommandLine root = command;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return root;
    }

    /** Returns whether it is the first argument of a command that has commands. */
    private static boolean isInPlaceOfCommand(String argument, CommandLine command) {
        List<String> all = command.getParseResult().originalArgs();
        int first = command.getParent() == null ? 0 : all.indexOf(command.getCommandName()) + 1;
        return !command.getSubcommands().isEmpty()
                && first < all.size()
                && all.get(first).equals(argument);
    }

    private static String reason(ParameterException wrong, TypeConversionException conversion) {
        String reason = String.valueOf(conversion.getMessage());
        String value = "'" + wrong.getValue() + "'";
        if (ABOUT_CONSTANTS.matcher(reason).matches()) {
            String allowed = wrong.getArgSpec().paramLabel();
            return value + (allowed.contains("|") ? " is none of " + allowed.replace("|", ", ") : " is not " + allowed);
        }
        return reason.replaceFirst("(?<=') is not an? (int|long|double)$", " is no number")
                .replaceFirst("(?<=') is not a boolean$", " is neither true nor false");
    }

    private static String nameOf(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String firstQuoted(String message) {
        Matcher quoted = IN_QUOTES.matcher(message);
        return quoted.find() ? quoted.group(1) : message.toLowerCase(Locale.ROOT);
    }
}
