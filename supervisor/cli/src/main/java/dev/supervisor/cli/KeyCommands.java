package dev.supervisor.cli;

import dev.supervisor.Supervisor;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The command of each key. Called by the thread of the {@link Keyboard}. */
final class KeyCommands implements Consumer<Character> {

    static final String HINT = "press h for help, q to quit";

    private static final List<String> HELP = List.of(
            "r  rebuild and swap             o  open the browser",
            "l  list generations             d  dump the threads of the live generation",
            "b  the output of the last build",
            "h  this help                    q  stop (again: at once)");

    private final Map<Character, Runnable> commands;

    /**
     * @param stop stops the supervisor, as a signal does
     * @param printer prints lines
     */
    KeyCommands(Supervisor supervisor, Browser browser, BuildLog log, Runnable stop, Consumer<List<String>> printer) {
        this.commands = Map.of(
                'r', supervisor::swap,
                'o', () -> browser.open().ifPresent(url -> printer.accept(List.of("opening " + url))),
                'l',
                        () -> printer.accept(
                                orNone(EventText.describe(supervisor.status().generations()))),
                'd', () -> printer.accept(orNone(EventText.describeThreads(supervisor.threadDump()))),
                'b', () -> printer.accept(log.describe()),
                'h', () -> printer.accept(HELP),
                'q', stop,
                '\n', () -> printer.accept(List.of(""))); // users mark a place with an empty line
    }

    private static List<String> orNone(List<String> lines) {
        return lines.isEmpty() ? List.of("there is no generation") : lines;
    }

    @Override
    public void accept(Character key) {
        commands.getOrDefault(key, () -> {}).run();
    }
}
