package dev.supervisor.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a command, read without a library. {@code --help} is not for this class.
 *
 * @param options the values of the options that were given, by their names; empty for one without a value
 * @param operands what is no option
 * @param others what stands after {@code --}; empty if there is no such word
 */
record ClientArguments(
        String command, Map<String, String> options, List<String> operands, Optional<List<String>> others) {

    private static final long GREATEST_PORT = 65_535;
    private static final String PORT = "--port";
    private static final String PID = "--pid";
    private static final String APP = "--app";
    private static final String WAIT = "--wait";
    private static final String JSON = "--json";
    private static final String FOLLOW = "--follow";

    /** By command: the options besides {@code --port} and {@code --pid}. */
    private static final Map<String, List<String>> OPTIONS = Map.of(
            "status", List.of(APP, JSON),
            "swap", List.of(APP, WAIT),
            "rollback", List.of(APP, WAIT),
            "pause", List.of(APP),
            "resume", List.of(APP),
            "drain", List.of(APP),
            "threads", List.of(APP, JSON),
            "logs", List.of(APP, JSON, FOLLOW),
            "stop", List.of(),
            "upgrade", List.of());

    private static final List<String> WITH_VALUE = List.of(PORT, PID, APP);

    /**
     * Reads the words of a command.
     *
     * @param words the first one is the command
     * @param environment has values of options that are not given: SUPERVISOR_STATUS_PORT
     */
    static ClientArguments parse(List<String> words, Map<String, String> environment) throws ControlException {
        String command = words.isEmpty() ? "" : words.get(0);
        if (!OPTIONS.containsKey(command)) {
            throw new ControlException(ExitCode.WRONG_USAGE, "there is no command '" + command + "'");
        }
        Map<String, String> options = new HashMap<>();
        List<String> operands = new ArrayList<>();
        Optional<List<String>> others = Optional.empty();
        for (int i = 1; i < words.size() && others.isEmpty(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                others = Optional.of(List.copyOf(words.subList(i + 1, words.size())));
            } else if (word.startsWith("-")) {
                i += addOption(command, options, word, i + 1 < words.size() ? words.get(i + 1) : null);
            } else {
                operands.add(word);
            }
        }
        addFromEnvironment(command, options, environment);
        return new ClientArguments(command, options, operands, others).checked();
    }

    /** Returns how many words its value takes. */
    private static int addOption(String command, Map<String, String> options, String word, @Nullable String next)
            throws ControlException {
        int equals = word.indexOf('=');
        String name = nameOf(equals < 0 ? word : word.substring(0, equals));
        check(command, name);
        if (equals >= 0) {
            options.put(name, word.substring(equals + 1));
        } else if (WITH_VALUE.contains(name)) {
            if (next == null) {
                throw new ControlException(ExitCode.WRONG_USAGE, name + " needs a value");
            }
            options.put(name, next);
            return 1;
        } else if (name.equals(WAIT) && next != null && WaitTime.parse(next).isPresent()) {
            options.put(name, next);
            return 1;
        } else {
            options.put(name, "");
        }
        return 0;
    }

    private static String nameOf(String option) {
        return switch (option) {
            case "-p" -> PORT;
            case "-f" -> FOLLOW;
            default -> option;
        };
    }

    private static void check(String command, String option) throws ControlException {
        if (!option.equals(PORT) && !option.equals(PID) && !optionsOf(command).contains(option)) {
            throw new ControlException(ExitCode.WRONG_USAGE, "'" + command + "' has no option " + option);
        }
    }

    private static List<String> optionsOf(String command) {
        return OPTIONS.getOrDefault(command, List.of());
    }

    private static void addFromEnvironment(
            String command, Map<String, String> options, Map<String, String> environment) {
        List<String> all = new ArrayList<>(optionsOf(command));
        if (!options.containsKey(PORT) && !options.containsKey(PID)) { // either one names the supervisor
            all.add(PORT);
            all.add(PID);
        }
        for (String option : all) {
            String value = environment.getOrDefault(
                    "SUPERVISOR_" + command.toUpperCase(Locale.ROOT) + "_"
                            + option.substring(2).toUpperCase(Locale.ROOT),
                    "");
            boolean isFlag = option.equals(JSON) || option.equals(FOLLOW);
            if (!value.isEmpty() && !(isFlag && value.equals("false"))) {
                options.putIfAbsent(option, isFlag || value.equals("true") ? "" : value);
            }
        }
    }

    private ClientArguments checked() throws ControlException {
        int most = command.equals("rollback") ? 1 : 0;
        if (operands.size() > most) {
            throw new ControlException(ExitCode.WRONG_USAGE, "unexpected argument '" + operands.get(most) + "'");
        }
        if (others.isPresent() && !command.equals("upgrade")) {
            throw new ControlException(ExitCode.WRONG_USAGE, "'" + command + "' has no arguments after --");
        }
        for (String operand : operands) {
            number(operand, "the number of builds to go back", Long.MAX_VALUE);
        }
        if (options.containsKey(PORT) && options.containsKey(PID)) {
            throw new ControlException(ExitCode.WRONG_USAGE, "give either --port or --pid: each names a supervisor");
        }
        if (options.containsKey(PORT)) {
            number(options.getOrDefault(PORT, ""), PORT, GREATEST_PORT);
        }
        if (options.containsKey(PID)) {
            number(options.getOrDefault(PID, ""), PID, Long.MAX_VALUE);
        }
        String wait = options.getOrDefault(WAIT, "");
        if (!wait.isEmpty() && WaitTime.parse(wait).isEmpty()) {
            throw new ControlException(
                    ExitCode.WRONG_USAGE, "--wait is '" + wait + "', which is no duration: use 500ms, 30s, 5m or 1h");
        }
        return this;
    }

    private static void number(String text, String what, long most) throws ControlException {
        if (!text.matches("[1-9][0-9]{0,17}") || Long.parseLong(text) > most) {
            String range = most == Long.MAX_VALUE ? "1 or more" : "a number from 1 to " + most;
            throw new ControlException(ExitCode.WRONG_USAGE, what + " must be " + range + ", and is '" + text + "'");
        }
    }

    Optional<String> port() {
        return Optional.ofNullable(options.get(PORT));
    }

    Optional<Long> process() {
        return Optional.ofNullable(options.get(PID)).map(Long::valueOf);
    }

    Optional<String> application() {
        return Optional.ofNullable(options.get(APP));
    }

    boolean json() {
        return options.containsKey(JSON);
    }

    boolean follows() {
        return options.containsKey(FOLLOW);
    }

    /** Returns how long to wait for an outcome, as it was given; empty text for the usual time. */
    Optional<String> waitTime() {
        return Optional.ofNullable(options.get(WAIT));
    }
}
