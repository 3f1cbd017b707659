package dev.supervisor.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Describes in this program's words what picocli has found wrong with a command line. */
final class WrongUsage {

    /** The command whose further arguments are a command. */
    private static final String EXEC = "exec";

    private static final Pattern IN_QUOTES = Pattern.compile("'([^']+)'");

    /** Picocli's reason for rejecting the value of an enum option; it lists the constants in capitals. */
    private static final Pattern ABOUT_CONSTANTS = Pattern.compile("expected one of \\[.*");

    private WrongUsage() {}

    static String describe(ParameterException wrong) {
        String message = String.valueOf(wrong.getMessage());
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched);
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
            List<String> similar = unmatched.getSuggestions();
            return "there is no option '" + argument + "'"
                    + (similar.isEmpty() ? "" : " (did you mean " + String.join(", or ", similar) + "?)");
        }
        return argument.startsWith("@")
                ? "can't read options from '" + argument.substring(1) + "': there is no such file"
                : "'" + argument + "' is no option ("
                        + (unmatched.getCommandLine().getCommandName().equals(EXEC)
                                ? "the command goes"
                                : "arguments for the application go")
                        + " after --)";
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
