package dev.supervisor.maven;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.maven.plugin.MojoExecutionException;

/** Options of the supervisor's command line, by their names there without the dashes. */
final class CommandOptions {

    /** What properties of Maven are called that stand for an option: {@code supervisor.hold-timeout}. */
    static final String PREFIX = "supervisor.";

    /** Options with a value. */
    static final Set<String> VALUES = Set.of(
            "admin",
            "admin-host",
            "admin-token-file",
            "alpn",
            "app-class",
            "backlog",
            "cert",
            "cert-password",
            "check",
            "check-timeout",
            "check-tries",
            "client-ca",
            "color",
            "drain-timeout",
            "dump-leaks",
            "editor",
            "events",
            "hold-timeout",
            "ignore",
            "inherit",
            "keep-builds",
            "key",
            "log",
            "main-class",
            "max-generations",
            "max-held",
            "on-busy",
            "on-swap",
            "poll",
            "port",
            "proxy-protocol",
            "proxy-timeout",
            "receive-buffer",
            "refresh-port",
            "settle",
            "socket",
            "start-timeout",
            "stop-delay",
            "stop-timeout",
            "swap",
            "tls-provider",
            "unix-group",
            "unix-mode",
            "unload-timeout",
            "upgrade-timeout",
            "warm-up",
            "warm-up-time",
            "watch-errors",
            "websocket",
            "work-dir");

    /** Options that are given or not. */
    static final Set<String> FLAGS = Set.of(
            "bell",
            "details",
            "fail-fast",
            "no-control",
            "no-prepare",
            "quiet",
            "relay",
            "reuse-port",
            "verify-unload");

    /** Options that may have a value. */
    static final Set<String> BOTH = Set.of("refresh");

    /** Options of the command line that the project, or a parameter of its own, stands for. */
    static final Set<String> OF_PROJECT =
            Set.of("app", "config", "lib", "build", "watch", "project", "project-tool", "test-on-save");

    /** Parameters of the goal whose properties have the same prefix, and stand for no option of the same name. */
    static final Set<String> PARAMETERS = Set.of("module", "also-watch", "working-directory");

    private static final Set<String> ALL = new TreeSet<>();

    static {
        ALL.addAll(VALUES);
        ALL.addAll(FLAGS);
        ALL.addAll(BOTH);
    }

    private final Map<String, List<String>> given = new TreeMap<>();

    /** Sets an option, in place of what it was; values that are blank count as not given. */
    CommandOptions set(String name, List<String> values) {
        List<String> said = values.stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
        if (!said.isEmpty()) {
            given.put(name, said);
        }
        return this;
    }

    CommandOptions set(String name, String value) {
        return set(name, List.of(value));
    }

    /**
     * Sets the options of a POM's {@code <options>}.
     *
     * @throws MojoExecutionException if there is no such option
     */
    CommandOptions setAll(Map<String, String> options) throws MojoExecutionException {
        for (Map.Entry<String, String> option : options.entrySet()) {
            String name = option.getKey();
            if (OF_PROJECT.contains(name)) {
                throw new MojoExecutionException("the option '" + name + "' is taken from the project" + " (remove <"
                        + name + "> from the <options> of supervisor-maven-plugin)");
            }
            if (!ALL.contains(name)) {
                throw new MojoExecutionException("the supervisor has no option '" + name
                        + "' (the <options> of supervisor-maven-plugin can be: " + String.join(", ", ALL) + ")");
            }
            String value = option.getValue();
            // Maven reads an empty element as null
            set(name, value == null ? "true" : value);
        }
        return this;
    }

    /** Sets the options that properties name; others of that prefix are left to the project, which may have some. */
    CommandOptions setAll(Properties properties) {
        Map<String, String> named = new LinkedHashMap<>();
        for (String name : ALL) {
            String value = properties.getProperty(PREFIX + name);
            if (value != null) {
                named.put(name, value.isEmpty() ? "true" : value); // -Dsupervisor.bell
            }
        }
        named.forEach(this::set);
        return this;
    }

    /** Returns the properties of this prefix that are neither an option nor a parameter of the goal. */
    static List<String> unknownIn(Properties properties) {
        return properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith(PREFIX))
                .filter(name -> !ALL.contains(name.substring(PREFIX.length())))
                .filter(name -> !PARAMETERS.contains(name.substring(PREFIX.length())))
                .sorted()
                .toList();
    }

    boolean has(String name) {
        return given.containsKey(name);
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        given.forEach((name, values) -> values.forEach(value -> add(name, value, arguments)));
        return arguments;
    }

    private static void add(String name, String value, List<String> arguments) {
        boolean isYes = value.equalsIgnoreCase("true");
        boolean isNo = value.equalsIgnoreCase("false");
        if (VALUES.contains(name)) {
            arguments.add("--" + name + "=" + value);
        } else if (isYes) {
            arguments.add("--" + name);
        } else if (!isNo && BOTH.contains(name)) {
            arguments.add("--" + name + "=" + value);
        }
    }
}
