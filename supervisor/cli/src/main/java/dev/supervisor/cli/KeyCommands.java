package dev.supervisor.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

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
     * @param stop stops the supervisor, as a signal does
     * @param printer prints lines
     */
    KeyCommands(List<ApplicationRun> applications, Browser browser, Runnable stop, Consumer<List<String>> printer) {
        List<Runnable> tests = applications.stream()
                .map(ApplicationRun::runningTests)
                .flatMap(Optional::stream)
                .toList();
        Map<Character, Runnable> all = new HashMap<>();
        all.put('r', () -> applications.forEach(each -> each.supervisor().swap()));
        all.put('o', () -> browser.open().ifPresent(url -> printer.accept(List.of("opening " + url))));
        all.put('l', () -> printer.accept(ofEach(applications, KeyCommands::generations)));
        all.put('d', () -> printer.accept(ofEach(applications, KeyCommands::threads)));
        all.put('b', () -> printer.accept(ofEach(applications, ApplicationRun::describeBuild)));
        all.put('h', () -> printer.accept(help(!tests.isEmpty())));
        all.put('q', stop);
        all.put('\n', () -> printer.accept(List.of(""))); // users mark a place with an empty line
        if (!tests.isEmpty()) {
            all.put('t', () -> {
                printer.accept(List.of("all tests are run"));
                tests.forEach(Runnable::run);
            });
        }
        this.commands = Map.copyOf(all);
    }

    /** Returns the lines about each application, below its name if there are several. */
    private static List<String> ofEach(
            List<ApplicationRun> applications, Function<ApplicationRun, List<String>> describe) {
        if (applications.size() == 1) {
            return describe.apply(applications.get(0));
        }
        List<String> lines = new ArrayList<>();
        for (ApplicationRun each : applications) {
            lines.add(each.name() + ":");
            describe.apply(each).forEach(line -> lines.add("  " + line));
        }
        return lines;
    }

    private static List<String> generations(ApplicationRun application) {
        List<String> lines = new ArrayList<>(
                orNone(EventText.describe(application.supervisor().status().generations())));
        lines.addAll(application.describeTests());
        return lines;
    }

    private static List<String> threads(ApplicationRun application) {
        return orNone(EventText.describeThreads(application.supervisor().threadDump()));
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
