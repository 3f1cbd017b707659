package dev.supervisor.cli;

import dev.supervisor.InheritedSocket;
import dev.supervisor.SupervisorException;
import dev.supervisor.cli.config.ConfigException;
import dev.supervisor.cli.config.ConfigFile;
import dev.supervisor.cli.config.ConfigProblem;
import dev.supervisor.cli.config.ConfigReader;
import dev.supervisor.cli.config.ConfigValue;
import dev.supervisor.cli.config.ConfigValue.Entries;
import dev.supervisor.cli.config.ConfigValue.Entry;
import dev.supervisor.cli.config.ConfigValue.Items;
import dev.supervisor.cli.config.ConfigValue.Text;
import dev.supervisor.cli.config.Position;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;

/** A configuration file: options of the process, and the options of each application. */
final class Configuration {

    private static final String APPLICATIONS = "applications";
    private static final String DEFAULTS = "defaults";

    /** What follows {@code --} on a command line. */
    private static final String ARGUMENTS = "arguments";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,39}");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--([a-z][a-z-]*)");

    /**
     * The keys of an application, or of {@code defaults}.
     *
     * @param position of its name
     */
    private record Section(
            String name, Map<String, ConfiguredOption> options, Optional<List<String>> arguments, Position position) {

        /** Returns this one with what only the other one has. */
        Section over(Section defaults) {
            Map<String, ConfiguredOption> all = new LinkedHashMap<>(defaults.options());
            all.putAll(options);
            return new Section(name, all, arguments.or(defaults::arguments), position);
        }
    }

    private final Path file;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<ConfiguredOption> ofProcess = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();

    private Configuration(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws SupervisorException if it can't be read
     * @throws ConfigException if it can't be understood, with all that is wrong with its keys
     */
    static Configuration read(Path file) throws ConfigException {
        Configuration configuration = new Configuration(file);
        configuration.root(ConfigReader.read(ConfigFile.read(file)));
        if (!configuration.problems.isEmpty()) {
            throw new ConfigException(configuration.problems);
        }
        return configuration;
    }

    private void root(ConfigValue root) throws ConfigException {
        if (!(root instanceof Entries entries)) {
            throw new ConfigException(root.position(), "expected keys such as 'applications:', and not " + root.kind());
        }
        ConfigKeys keys = ConfigKeys.of(new OptionArguments());
        Section defaults = new Section(DEFAULTS, Map.of(), Optional.empty(), Position.START);
        for (Entry entry : entries.entries()) {
            if (entry.key().equals(DEFAULTS)) {
                defaults = section(keys, entry);
            } else if (!entry.key().equals(APPLICATIONS)) {
                option(keys, entry, true).ifPresent(ofProcess::add);
            }
        }
        Section common = defaults;
        applications(keys, entries, common);
    }

    private void applications(ConfigKeys keys, Entries root, Section defaults) {
        Optional<Entry> entry = root.entries().stream()
                .filter(each -> each.key().equals(APPLICATIONS))
                .findFirst();
        if (entry.isEmpty()) {
            problem(root.position(), "there is no key 'applications', which names at least one");
        } else if (entry.get().value() instanceof Entries named
                && !named.entries().isEmpty()) {
            for (Entry each : named.entries()) {
                if (!NAME.matcher(each.key()).matches()) {
                    problem(
                            each.position(),
                            "'" + each.key() + "' is no name of an application: it is made of letters, digits, '-', '_'"
                                    + " and '.', begins with a letter or a digit, and has at most 40 of them");
                }
                sections.add(section(keys, each).over(defaults));
            }
        } else {
            problem(
                    entry.get().value().position(),
                    "applications: expected names, each with its options, and not "
                            + entry.get().value().kind());
        }
    }

    private void problem(Position position, String text) {
        problems.add(new ConfigProblem(position, text));
    }

    private Section section(ConfigKeys keys, Entry entry) {
        Map<String, ConfiguredOption> options = new LinkedHashMap<>();
        Optional<List<String>> arguments = Optional.empty();
        if (entry.value() instanceof Entries entries) {
            for (Entry each : entries.entries()) {
                if (each.key().equals(ARGUMENTS)) {
                    arguments = Optional.of(arguments(each.value()));
                } else {
                    option(keys, each, false).ifPresent(option -> options.put(option.key(), option));
                }
            }
        } else {
            problem(
                    entry.value().position(),
                    entry.key() + ": expected keys with values, such as 'app: app.jar', and not "
                            + entry.value().kind());
        }
        return new Section(entry.key(), options, arguments, entry.position());
    }

    private List<String> arguments(ConfigValue value) {
        List<ConfigValue> values = value instanceof Items items ? items.items() : List.of(value);
        List<String> arguments = new ArrayList<>();
        for (ConfigValue each : values) {
            if (each instanceof Text text) {
                arguments.add(text.text());
            } else {
                problem(each.position(), "arguments: expected a list of words, and not " + each.kind());
            }
        }
        return arguments;
    }

    private Optional<ConfiguredOption> option(ConfigKeys keys, Entry entry, boolean ofProcess) {
        Optional<OptionSpec> option = keys.option(entry.key());
        if (option.isEmpty()) {
            problem(entry.position(), unknown(keys, entry.key(), ofProcess));
        } else if (ConfigKeys.isOfProcess(option.get()) != ofProcess) {
            problem(
                    entry.position(),
                    ofProcess
                            ? "'" + entry.key() + "' is about an application: it stands below 'applications: NAME:', or"
                                    + " below 'defaults:'"
                            : "'" + entry.key() + "' is about the process: it stands at the top of the file");
        } else {
            try {
                ConfiguredOption configured = ConfiguredOption.read(option.get(), entry);
                ConfigKeys.of(new OptionArguments()).set(List.of(configured), directory());
                return Optional.of(configured);
            } catch (ConfigException e) {
                problems.addAll(e.problems());
            }
        }
        return Optional.empty();
    }

    private static String unknown(ConfigKeys keys, String key, boolean ofProcess) {
        List<String> known = new ArrayList<>(keys.of(ofProcess));
        known.addAll(ofProcess ? List.of(APPLICATIONS, DEFAULTS) : List.of(ARGUMENTS));
        return "there is no key '" + key + "'"
                + Spelling.meant(key, known)
                        .or(() -> Spelling.meant(key, keys.of(!ofProcess)))
                        .map(meant -> " (did you mean '" + meant + "'?)")
                        .orElse("");
    }

    /** Returns what relative paths in the file are relative to. */
    private Path directory() {
        Path parent = file.getParent();
        return parent == null ? Surroundings.WORKING_DIRECTORY : parent;
    }

    Path file() {
        return file;
    }

    /**
     * Sets the options of the process.
     *
     * @param given the longest names of options that are set already, and stay so
     * @throws ConfigException if they make no sense together
     */
    void setProcess(OptionArguments arguments, Set<String> given) throws ConfigException {
        ConfigKeys.of(arguments)
                .set(
                        ofProcess.stream()
                                .filter(option -> !given.contains("--" + option.key()))
                                .toList(),
                        directory());
        try {
            arguments.checkProcess();
        } catch (SupervisorException e) {
            String message = e.message(OptionNames::of);
            throw new ConfigException(
                    positionOf(byKey(), Position.START, keysIn(message)), ConfigKeys.withoutDashes(message));
        }
    }

    private Map<String, ConfiguredOption> byKey() {
        Map<String, ConfiguredOption> byKey = new LinkedHashMap<>();
        ofProcess.forEach(option -> byKey.put(option.key(), option));
        return byKey;
    }

    /**
     * Returns the applications.
     *
     * @param passed sockets of the parent process; each goes to the application that has a socket of its name
     * @throws ConfigException if their options make no sense
     */
    List<ApplicationPlan> plans(List<InheritedSocket> passed) throws ConfigException {
        List<ConfigProblem> wrong = new ArrayList<>();
        Map<String, OptionArguments> parsed = new LinkedHashMap<>();
        Map<String, Set<String>> sockets = new LinkedHashMap<>();
        for (Section section : sections) {
            OptionArguments arguments = new OptionArguments();
            ConfigKeys.of(arguments).set(section.options().values(), directory());
            parsed.put(section.name(), arguments);
            try {
                sockets.put(section.name(), arguments.socketNames());
            } catch (SupervisorException e) {
                wrong.add(located(section, e));
            }
        }
        if (!wrong.isEmpty()) {
            throw new ConfigException(wrong);
        }
        Map<String, List<InheritedSocket>> passedOn = PassedOn.to(sockets, passed);
        List<ApplicationPlan> plans = new ArrayList<>();
        for (Section section : sections) {
            Surroundings surroundings = new Surroundings(
                    directory(),
                    section.arguments().orElse(List.of()),
                    passedOn.getOrDefault(section.name(), List.of()),
                    OptionalInt.empty(),
                    OptionNames.KEYS);
            try {
                plans.add(Objects.requireNonNull(parsed.get(section.name()))
                        .toPlan(surroundings)
                        .named(section.name()));
            } catch (SupervisorException e) {
                wrong.add(located(section, e));
            }
        }
        SocketConflicts.of(plans)
                .forEach((application, text) -> wrong.add(new ConfigProblem(
                        positionOf(section(application), List.of("socket", "port", "inherit")), text)));
        if (!wrong.isEmpty()) {
            throw new ConfigException(wrong);
        }
        return plans;
    }

    private Section section(String name) {
        return sections.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns what stands on the place of the first option that the message names and the file sets. */
    private static ConfigProblem located(Section section, SupervisorException e) {
        String message = e.message(OptionNames::of);
        Matcher named = OPTION.matcher(message);
        List<String> keys = new ArrayList<>();
        while (named.find()) {
            keys.add(named.group(1));
        }
        return new ConfigProblem(positionOf(section, keys), section.name() + ": " + ConfigKeys.withoutDashes(message));
    }

    private static List<String> keysIn(String message) {
        Matcher named = OPTION.matcher(message);
        List<String> keys = new ArrayList<>();
        while (named.find()) {
            keys.add(named.group(1));
        }
        return keys;
    }

    private static Position positionOf(Section section, Collection<String> keys) {
        return positionOf(section.options(), section.position(), keys);
    }

    private static Position positionOf(
            Map<String, ConfiguredOption> options, Position otherwise, Collection<String> keys) {
        return keys.stream()
                .map(options::get)
                .filter(Objects::nonNull)
                .findFirst()
                .map(ConfiguredOption::position)
                .orElse(otherwise);
    }

    /** Returns what is no mistake, but may be one: files that do not exist, and that nothing here makes. */
    List<ConfigProblem> warnings(List<ApplicationPlan> plans) {
        List<ConfigProblem> warnings = new ArrayList<>();
        for (ApplicationPlan plan : plans) {
            Section section = section(plan.name());
            boolean builds = plan.options().tools().build();
            Path app = plan.options().app().path();
            if (!builds && Files.notExists(app)) {
                warnings.add(new ConfigProblem(
                        positionOf(section, List.of("app")), plan.name() + ": '" + app + "' does not exist yet"));
            }
            plan.options().app().libraries().stream()
                    .filter(library -> !builds && Files.notExists(library))
                    .forEach(library -> warnings.add(new ConfigProblem(
                            positionOf(section, List.of("lib")),
                            plan.name() + ": the library '" + library + "' does not exist yet")));
        }
        return warnings;
    }
}
