package dev.supervisor.cli;

import dev.supervisor.Supervisor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The command of each key. Called by the thread of the {@link Keyboard}. */
final class KeyCommands implements Consumer<Character> {

    static final String HINT = "press h for help, q to quit";

    private static final List<String> HELP = List.of(
            "r  rebuild and swap             o  open the browser",
            "l  list generations             d  dump the threads of the live generation",
            "b  the output of the last build",
            "h  this help                    q  stop (again: at once)");

    private static final String TEST = "t  run all tests";

    private final Map<Character, Runnable> commands;

    /**
     * @param tests has all tests run; empty if there are none
     * @param stop stops the supervisor, as a signal does
     * @param printer prints lines
     */
    KeyCommands(
            Supervisor supervisor,
            Browser browser,
            BuildLog log,
            TestLog testLog,
            Optional<Runnable> tests,
            Runnable stop,
            Consumer<List<String>> printer) {
        Map<Character, Runnable> all = new HashMap<>();
        all.put('r', supervisor::swap);
        all.put('o', () -> browser.open().ifPresent(url -> printer.accept(List.of("opening " + url))));
        all.put('l', () -> {
            List<String> lines = new ArrayList<>(
                    orNone(EventText.describe(supervisor.status().generations())));
            lines.addAll(testLog.describe());
            printer.accept(lines);
        });
        all.put('d', () -> printer.accept(orNone(EventText.describeThreads(supervisor.threadDump()))));
        all.put('b', () -> printer.accept(log.describe()));
        all.put('h', () -> printer.accept(help(tests.isPresent())));
        all.put('q', stop);
        all.put('\n', () -> printer.accept(List.of(""))); // users mark a place with an empty line
        tests.ifPresent(run -> all.put('t', () -> {
            printer.accept(List.of("all tests are run"));
            run.run();
        }));
        this.commands = Map.copyOf(all);
    }

    static List<String> help(boolean hasTests) {
        List<String> lines = new ArrayList<>(HELP);
        if (hasTests) {
            int withRoom = 2;
            lines.set(withRoom, String.format("%-32s%s", lines.get(withRoom), TEST));
        }
        return lines;
    }

    private static List<String> orNone(List<String> lines) {
        return lines.isEmpty() ? List.of("there is no generation") : lines;
    }

    @Override
    public void accept(Character key) {
        commands.getOrDefault(key, () -> {}).run();
    }
}
