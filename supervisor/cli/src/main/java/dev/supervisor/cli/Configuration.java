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
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;

/** A configuration file: options of the process, and the options of each application. */
final class Configuration {

    private static final String APPLICATIONS = "applications";
    private static final String DEFAULTS = "defaults";

    /** What follows {@code --} on a command line. */
    private static final String ARGUMENTS = "arguments";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,39}");
    /**
     * The keys of an application, or of {@code defaults}.
     *
     * @param left the keys that were left out, since they make no sense by themselves
     * @param position of its name
     */
    private record Section(
            String name,
            Map<String, ConfiguredOption> options,
            Optional<List<String>> arguments,
            Set<String> left,
            Position position) {

        /** Returns this one with what only the other one has. */
        Section over(Section defaults) {
            Map<String, ConfiguredOption> all = new LinkedHashMap<>(defaults.options());
            all.keySet().removeAll(left);
            all.putAll(options);
            Set<String> allLeft = new HashSet<>(defaults.left());
            allLeft.removeAll(options.keySet());
            allLeft.addAll(left);
            return new Section(name, all, arguments.or(defaults::arguments), allLeft, position);
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
     * Reads a file. What is wrong with its options is told when they are asked for.
     *
     * @throws SupervisorException if it can't be read
     * @throws ConfigException if it can't be understood
     */
    static Configuration read(Path file) throws ConfigException {
        Configuration configuration = new Configuration(file);
        configuration.root(ConfigReader.read(ConfigFile.read(file)));
        return configuration;
    }

    private void root(ConfigValue root) throws ConfigException {
        if (!(root instanceof Entries entries)) {
            throw new ConfigException(root.position(), "expected keys such as 'applications:', and not " + root.kind());
        }
        ConfigKeys keys = ConfigKeys.of(new OptionArguments());
        Section defaults = new Section(DEFAULTS, Map.of(), Optional.empty(), Set.of(), Position.START);
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
        Set<String> left = new HashSet<>();
        Optional<List<String>> arguments = Optional.empty();
        if (entry.value() instanceof Entries entries) {
            for (Entry each : entries.entries()) {
                if (each.key().equals(ARGUMENTS)) {
                    arguments = Optional.of(arguments(each.value()));
                } else {
                    option(keys, each, false)
                            .ifPresentOrElse(
                                    option -> options.put(option.key(), option), () -> left.add(meant(keys, each)));
                }
            }
        } else {
            left.addAll(keys.of(false));
            problem(
                    entry.value().position(),
                    entry.key() + ": expected keys with values, such as 'app: app.jar', and not "
                            + entry.value().kind());
        }
        return new Section(entry.key(), options, arguments, left, entry.position());
    }

    /** Returns the key that an entry has, or should have. */
    private static String meant(ConfigKeys keys, Entry entry) {
        return keys.option(entry.key()).isPresent()
                ? entry.key()
                : Spelling.meant(entry.key(), keys.of(false)).orElse(entry.key());
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
     * Returns the applications, and sets the options of the process.
     *
     * @param process options of the command line
     * @param given the longest names of options that are set already, and stay so
     * @param passed sockets of the parent process; each goes to the application that has a socket of its name
     * @throws ConfigException with all that is wrong with the options
     */
    List<ApplicationPlan> plans(OptionArguments process, Set<String> given, List<InheritedSocket> passed)
            throws ConfigException {
        List<ConfigProblem> wrong = new ArrayList<>(problems);
        Map<String, ConfiguredOption> set = setProcess(process, given, wrong);
        boolean processIsWrong = !wrong.isEmpty();
        List<ApplicationPlan> plans = plans(passed, wrong);
        SocketConflicts.of(plans)
                .forEach(conflict -> wrong.add(new ConfigProblem(
                        positionOf(section(conflict.application()), List.of("socket", "port", "inherit")),
                        conflict.text())));
        if (!processIsWrong) {
            process.admin()
                    .toOptions()
                    .ifPresent(admin -> SocketConflicts.with(admin.address(), plans)
                            .forEach(text -> wrong.add(
                                    new ConfigProblem(positionOf(set, Position.START, List.of("admin")), text))));
        }
        if (!wrong.isEmpty()) {
            wrong.sort(Comparator.comparing(ConfigProblem::position));
            throw new ConfigException(wrong);
        }
        return plans;
    }

    /** Returns the options that were set. */
    private Map<String, ConfiguredOption> setProcess(
            OptionArguments process, Set<String> given, List<ConfigProblem> wrong) throws ConfigException {
        Map<String, ConfiguredOption> options = new LinkedHashMap<>();
        ofProcess.stream()
                .filter(option -> !given.contains("--" + option.key()))
                .forEach(option -> options.put(option.key(), option));
        ConfigKeys.of(process).set(options.values(), directory());
        for (SupervisorException e : process.wrongOfProcess()) {
            String message = e.message(OptionNames::of);
            wrong.add(new ConfigProblem(
                    positionOf(options, Position.START, WrongOptions.keysIn(message)),
                    ConfigKeys.withoutDashes(message)));
        }
        return options;
    }

    private List<ApplicationPlan> plans(List<InheritedSocket> passed, List<ConfigProblem> wrong)
            throws ConfigException {
        Map<String, List<InheritedSocket>> passedOn = passed.isEmpty() ? Map.of() : PassedOn.to(socketNames(), passed);
        List<ApplicationPlan> plans = new ArrayList<>();
        for (Section section : sections) {
            Surroundings surroundings = new Surroundings(
                    directory(),
                    section.arguments().orElse(List.of()),
                    passedOn.getOrDefault(section.name(), List.of()),
                    OptionalInt.empty(),
                    OptionNames.KEYS);
            WrongOptions options =
                    new WrongOptions(section.name() + ": ", section.position(), section.options(), section.left());
            options.read(each -> parsed(each).toPlan(surroundings).named(section.name()))
                    .ifPresent(plans::add);
            wrong.addAll(options.problems());
        }
        return plans;
    }

    private OptionArguments parsed(Collection<ConfiguredOption> options) throws ConfigException {
        OptionArguments arguments = new OptionArguments();
        ConfigKeys.of(arguments).set(options, directory());
        return arguments;
    }

    private Map<String, Set<String>> socketNames() throws ConfigException {
        Map<String, Set<String>> names = new LinkedHashMap<>();
        for (Section section : sections) {
            new WrongOptions("", section.position(), section.options(), section.left())
                    .read(each -> parsed(each).socketNames())
                    .ifPresent(each -> names.put(section.name(), each));
        }
        return names;
    }

    private Section section(String name) {
        return sections.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
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
