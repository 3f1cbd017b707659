package dev.supervisor.packages;

import dev.supervisor.cli.SupervisorCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Writes the man page of each command, and the script by which bash completes their options. */
final class Documents {

    private static final Pattern VALUES = Pattern.compile("_option_args=\\(.*\\)");

    private static final String BEGINNING = "function _complete_supervisor() {\n";

    /** What picocli's script does not know: words after {@code --}, and that bash parts words at an equals sign. */
    private static final String WORDS = """
              local i
              for ((i = 1; i < COMP_CWORD; i++)); do
                if [ "${COMP_WORDS[i]}" = "--" ]; then
                  local IFS=$'\\n'
                  type compopt &>/dev/null && compopt -o filenames
                  COMPREPLY=( $( compgen -f -- "${COMP_WORDS[COMP_CWORD]}" ) )
                  return
                fi
              done
              if [ "${COMP_WORDS[COMP_CWORD]}" = "=" ]; then
                COMP_WORDS[COMP_CWORD]=""
              elif [ "$COMP_CWORD" -ge 2 ] && [ "${COMP_WORDS[COMP_CWORD-1]}" = "=" ]; then
                COMP_WORDS=("${COMP_WORDS[@]:0:COMP_CWORD-1}" "${COMP_WORDS[COMP_CWORD]}")
                COMP_CWORD=$((COMP_CWORD - 1))
              fi
            """;

    private Documents() {}

    /** Takes the directory, in which it makes man1 and completions, and the date of the pages. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        String date = args[1].substring(0, "2026-01-31".length());
        CommandLine command = SupervisorCommand.described();
        Path pages = Files.createDirectories(directory.resolve("man1"));
        for (CommandSpec each : ManPage.commands(command)) {
            Files.writeString(pages.resolve(ManPage.name(each) + ".1"), ManPage.text(each, date));
        }
        Path completions = Files.createDirectories(directory.resolve("completions"));
        Files.writeString(completions.resolve("supervisor"), completion(command));
    }

    /**
     * Returns picocli's script, which is sourced and no program. Values are completed in small letters, as {@code --help}
     * has them, and not as Java names its constants.
     */
    static String completion(CommandLine command) {
        String script = AutoComplete.bash(command.getCommandName(), command)
                .replaceFirst("#!.*\n#\n", "")
                .replace(BEGINNING, BEGINNING + WORDS);
        return VALUES.matcher(script).replaceAll(values -> values.group().toLowerCase(Locale.ROOT));
    }
}
