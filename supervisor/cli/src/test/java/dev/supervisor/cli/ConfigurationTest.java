package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Endpoint;
import dev.supervisor.InheritedSocket;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.TlsOptions;
import dev.supervisor.cli.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

final class ConfigurationTest {

    @TempDir
    private Path directory;

    private Configuration read(String text) throws Exception {
        return Configuration.read(Files.writeString(directory.resolve("a.yaml"), text.replace('~', '\n')));
    }

    private List<ApplicationPlan> plans(String text) throws Exception {
        return plans(read(text));
    }

    private static List<ApplicationPlan> plans(Configuration configuration, InheritedSocket... passed)
            throws ConfigException {
        return configuration.plans(new OptionArguments(), Set.of(), List.of(passed));
    }

    private static SupervisorOptions options(List<ApplicationPlan> plans, String name) {
        return plans.stream()
                .filter(plan -> plan.name().equals(name))
                .findFirst()
                .orElseThrow()
                .options();
    }

    private List<String> problems(String text) {
        ConfigException e = assertThrows(ConfigException.class, () -> plans(text));
        return e.problems().stream().map(problem -> problem.in("a")).toList();
    }

    private static Stream<OptionSpec> shown() {
        return new CommandLine(new OptionArguments())
                .getCommandSpec().options().stream()
                        .filter(option ->
                                !option.hidden() && !option.longestName().equals("--config"));
    }

    /** The options that are about the process; all others can be set for each application. */
    @Test
    void itIsDecidedForEachOptionWhetherItIsAboutTheProcess() {
        assertEquals(
                new TreeSet<>(Set.of(
                        "admin",
                        "admin-host",
                        "admin-token-file",
                        "bell",
                        "color",
                        "events",
                        "fail-fast",
                        "log",
                        "no-control",
                        "on-swap",
                        "quiet",
                        "upgrade-timeout")),
                shown().filter(ConfigKeys::isOfProcess)
                        .map(ConfigKeys::keyOf)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Values that are no defaults, for options that do not take any word. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("swap", "overlap"),
            Map.entry("websocket", "move"),
            Map.entry("on-busy", "queue"),
            Map.entry("refresh", "inject"),
            Map.entry("log", "json"),
            Map.entry("color", "never"),
            Map.entry("socket", "web=http::127.0.0.1:8081"),
            Map.entry("watch-errors", "5%/10s"),
            Map.entry("inherit", "web=http"));

    private static String valueOf(OptionSpec option) {
        String given = VALUES.get(ConfigKeys.keyOf(option));
        if (given != null) {
            return given;
        }
        return switch (option.paramLabel()) {
            case "DURATION" -> "7s";
            case "N", "BYTES" -> "7";
            default -> option.arity().max() == 0 ? "true" : "word";
        };
    }

    static Stream<String> eachOptionCanBeSet() {
        return shown().map(OptionSpec::longestName);
    }

    /** What the file sets has the same effect as the option on a command line. */
    @ParameterizedTest
    @MethodSource
    void eachOptionCanBeSet(String name) throws Exception {
        OptionSpec option = shown().filter(each -> each.longestName().equals(name))
                .findFirst()
                .orElseThrow();
        String value = valueOf(option);
        OptionArguments expected = new OptionArguments();
        boolean isFlag = option.arity().max() == 0;
        new CommandLine(expected)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(isFlag ? name : name + "=" + value);

        OptionArguments set = new OptionArguments();
        ConfigKeys keys = ConfigKeys.of(set);
        String key = ConfigKeys.keyOf(option);
        var entry = (dev.supervisor.cli.config.ConfigValue.Entries)
                dev.supervisor.cli.config.ConfigReader.read(key + ": " + value);
        keys.set(
                List.of(ConfiguredOption.read(
                        keys.option(key).orElseThrow(), entry.entries().get(0))),
                Path.of(""));

        assertEquals(valuesOf(expected), valuesOf(set));
        assertFalse(valuesOf(new OptionArguments()).equals(valuesOf(set)), "the value is no default");
    }

    private static Map<String, String> valuesOf(OptionArguments arguments) {
        return new CommandLine(arguments)
                .getCommandSpec().options().stream()
                        .filter(option -> !option.usageHelp() && !option.versionHelp())
                        .collect(Collectors.toMap(
                                OptionSpec::longestName, option -> String.valueOf(option.<Object>getValue())));
    }

    @Test
    void applicationsHaveOptionsOfTheirOwnAndThoseOfAll() throws Exception {
        List<ApplicationPlan> plans = plans("""
                defaults:
                  max-held: 3
                  relay: true
                applications:
                  shop:
                    app: shop.jar
                    port: 8081
                    arguments: [ --verbose, 7, "" ]
                  api:
                    app: api.jar
                    socket: [ "http::8082", "tcp::[::1]:8083" ]
                    max-held: 4
                    relay: false
                    build: make
                    watch: a.yaml
                    ignore: [ a, "b,c" ]
                """);
        assertEquals(
                List.of("shop", "api"),
                plans.stream().map(ApplicationPlan::name).toList());
        SupervisorOptions shop = options(plans, "shop");
        SupervisorOptions api = options(plans, "api");
        assertEquals(List.of(3, 4), List.of(shop.limits().held(), api.limits().held()));
        assertEquals(
                List.of(true, false), List.of(shop.app().relays(), api.app().relays()));
        assertEquals(List.of("--verbose", "7", ""), shop.app().arguments());
        assertEquals(List.of(), api.app().arguments());
        assertEquals(
                List.of("http", "tcp"),
                api.sockets().stream().map(SocketSpec::name).toList());
        assertEquals(List.of("a", "b,c"), api.tools().command().orElseThrow().ignored());
    }

    @ParameterizedTest
    @CsvSource({"true, true", "True, true", "TRUE, true", "false, false", "False, false", "FALSE, false"})
    void aSwitchIsWrittenAsYamlHasIt(String word, boolean on) throws Exception {
        List<ApplicationPlan> plans = plans("applications: {a: {app: a.jar, port: 8081, relay: " + word + "}}");
        assertEquals(on, options(plans, "a").app().relays());
    }

    @Test
    void relativePathsAreRelativeToTheFile() throws Exception {
        Files.createDirectory(directory.resolve("src"));
        OptionArguments process = new OptionArguments();
        Configuration configuration = read("""
                events: json:events.log
                applications:
                  shop:
                    app: shop.jar
                    lib: [ lib, /usr/lib ]
                    socket: [ "http::run/shop.sock", "x=unix::y.sock", "http::8081" ]
                    build: make
                """);
        SupervisorOptions shop = options(configuration.plans(process, Set.of(), List.of()), "shop");
        assertEquals(directory.resolve("shop.jar"), shop.app().path());
        assertEquals(
                List.of(directory.resolve("lib"), Path.of("/usr/lib")),
                shop.app().libraries());
        assertEquals(
                List.of(
                        new Endpoint.Unix(directory.resolve("run/shop.sock")),
                        new Endpoint.Unix(directory.resolve("y.sock")),
                        new Endpoint.Tcp("127.0.0.1", 8081)),
                shop.sockets().stream().map(SocketSpec::endpoint).toList());
        SupervisorOptions.BuildTool build = shop.tools().command().orElseThrow();
        assertEquals(directory, build.directory());
        assertEquals(List.of(directory.resolve("src")), build.sources());
        assertEquals(
                Optional.of("json:" + directory.resolve("events.log")),
                process.output().events());
    }

    @Test
    void filesOfCertificatesAreRelativeToTheFile() throws Exception {
        SupervisorOptions shop = options(plans("""
                        applications:
                          shop:
                            app: shop.jar
                            socket: [ "https::8443", "mq=tls::8883" ]
                            cert: [ web.pem, store.p12, "mq=dev" ]
                            key: keys/web.key
                            cert-password: [ "env:STORE", "file:secret" ]
                            client-ca: mq=ca.pem
                            alpn: [ h2, http/1.1 ]
                        """), "shop");
        assertEquals(
                new TlsOptions(
                        List.of(
                                new TlsOptions.Source.Pem(
                                        directory.resolve("web.pem"), directory.resolve("keys/web.key")),
                                new TlsOptions.Source.Store(directory.resolve("store.p12"))),
                        List.of(
                                new TlsOptions.Password.OfVariable("STORE"),
                                new TlsOptions.Password.OfFile(directory.resolve("secret"))),
                        Optional.empty(),
                        List.of("h2", "http/1.1"),
                        Optional.empty()),
                shop.tls().get("https"));
        TlsOptions queue = Objects.requireNonNull(shop.tls().get("mq"));
        assertEquals(List.of(new TlsOptions.Source.Development()), queue.sources());
        assertEquals(Optional.of(directory.resolve("ca.pem")), queue.clientCas());
    }

    @Test
    void whatTheCommandLineSaysOfTheProcessStays() throws Exception {
        OptionArguments process = new OptionArguments();
        new CommandLine(process).setCaseInsensitiveEnumValuesAllowed(true).parseArgs("--color=never");
        read("color: always~bell: true~applications: { a: { app: a.jar, port: 1 } }")
                .plans(process, Set.of("--color"), List.of());
        assertFalse(process.output().colors());
        assertTrue(process.output().bell());
    }

    @Test
    void optionsOfTheProcessThatMakeNoSenseTogetherAreExplained() throws Exception {
        assertEquals(
                List.of(
                        "a:2:1: admin-host is about admin: add that",
                        "a:3:1: events is 'x', which is neither json nor json:FILE"),
                problems("bell: true~admin-host: a.example~events: x~applications: { a: { app: a.jar, port: 1 } }"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "quiet: true                     | a:1:1: there is no key 'applications', which names at least one",
                "[a]                             | a:1:1: expected keys such as 'applications:', and not a list",
                "applications:                   | a:1:14: applications: expected names, each with its options, and not nothing",
                "applications: [ a ]             | a:1:15: applications: expected names, each with its options, and not a list",
                "applications:~  a: b            | a:2:6: a: expected keys with values, such as 'app: app.jar', and not 'b'",
                "port: 1~applications: {a: {app: a, port: 1}} | a:1:1: 'port' is about an application: it stands below 'applications: NAME:', or below 'defaults:'",
                "config: b~applications: {a: {app: a, port: 1}} | a:1:1: there is no key 'config'",
                "aplications: {}                 | a:1:1: there is no key 'aplications' (did you mean 'applications'?)"
            })
    void aFileThatMakesNoSenseIsExplained(String text, String expected) {
        assertEquals(expected, problems(text).get(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "prot: 1                    | 4:5: there is no key 'prot' (did you mean 'port'?)",
                "argument: 1                | 4:5: there is no key 'argument' (did you mean 'arguments'?)",
                "quit: true                 | 4:5: there is no key 'quit' (did you mean 'quiet'?)",
                "log: json                  | 4:5: 'log' is about the process: it stands at the top of the file",
                "test-on-save: true         | 4:5: there is no key 'test-on-save'",
                "settle: soon               | 4:13: settle: 'soon' is no duration: use 500ms, 30s, 5m, 1h or 0",
                "settle: 7                  | 4:13: settle: '7' is no duration: use 500ms, 30s, 5m, 1h or 0",
                "settle: [ 1s ]             | 4:13: settle: expected DURATION, and not a list",
                "max-held: many             | 4:15: max-held: 'many' is no number",
                "max-held: 0                | 4:5: x: max-held must be at least 1",
                "max-held:                  | 4:14: max-held: expected N, and not nothing",
                "relay: tRUE                | 4:12: relay: expected true or false, and not 'tRUE'",
                "relay: maybe               | 4:12: relay: expected true or false, and not 'maybe'",
                "swap: never                | 4:11: swap: 'never' is none of hold, overlap, recreate",
                "refresh: always            | 4:14: refresh: 'always' is not inject",
                "lib: { a: b }              | 4:10: lib: expected PATH, or a list of such values, and not keys with values",
                "socket: [ http::2, ftp::1 ] | 4:24: 'ftp::1' is no socket: expected [NAME=]TYPE::SPEC",
                "arguments: [ a, [ b ] ]    | 4:21: arguments: expected a list of words, and not a list",
                "watch: a.yaml              | 4:5: x: watch and ignore are about sources: they need build COMMAND",
                "app: b.jar                 | 4:5: the key 'app' is there already, in line 3"
            })
    void anOptionThatMakesNoSenseIsExplained(String line, String expected) {
        String problem = problems("applications:~  x:~    app: a.jar~    " + line + "~    port: 8081")
                .get(0);
        assertTrue(problem.startsWith("a:" + expected), problem);
    }

    @Test
    void allThatIsWrongIsTold() {
        assertEquals(
                List.of("a:1:1: there is no key 'a'", "a:2:19: b: expected keys", "a:2:22: 'c c' is no name"),
                problems("a: b~applications: {b: 1, c c: {app: x, port: 1}}").stream()
                        .map(text -> text.replaceFirst("( keys| name| 'a').*", "$1"))
                        .toList());
    }

    @Test
    void allValuesThatMakeNoSenseAreTold() {
        assertEquals(
                List.of(
                        "a:3:15: max-held: 'many' is no number",
                        "a:4:5: x: max-generations must be at least 2",
                        "a:5:5: x: 'ftp' is no check",
                        "a:5:5: x: 'GET' is no check",
                        "a:6:5: x: warm-up needs swap overlap",
                        "a:7:5: x: watch-errors needs swap overlap",
                        "a:10:3: y: there is no application to run",
                        "a:10:7: y: keep-builds must not be negative",
                        "a:11:13: swap: 'never' is none of hold, overlap, recreate",
                        "a:11:36: z: watch and ignore are about sources"),
                problems("""
                        applications:
                          x:
                            max-held: many
                            max-generations: 1
                            check: [ ftp, GET /, GET ]
                            warm-up: GET /
                            watch-errors: 5%/10s
                            app: x.jar
                            port: 3
                          y: {keep-builds: -1, port: 1}
                          z: {swap: never, warm-up: GET /, watch: a, app: z.jar, port: 2}
                        """).stream()
                        .map(text -> text.replaceFirst(
                                "( is no check| overlap:| must be at least \\d| to run| sources).*", "$1"))
                        .map(text -> text.replaceFirst(":$", ""))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"8081, 'a'", "localhost:8082, 'b'", "'[::1]:8083', 'c'"})
    void theStatusHasAnAddressOfItsOwn(String admin, String application) {
        List<String> problems =
                problems("applications:~  a: {app: a.jar, port: 8081}~  b: {app: b.jar, socket: 'http::*:8082'}~"
                        + "  c: {app: c.jar, socket: 'http::[0:0::1]:8083'}~admin: '" + admin + "'");
        assertEquals(1, problems.size());
        assertTrue(
                problems.get(0).startsWith("a:5:1: admin: the application '" + application + "' has this address, too"),
                problems::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "port: 8081          | port: 8081",
                "port: 8081          | socket: 'tcp::0.0.0.0:8081'",
                "socket: 'http::./s' | socket: 'x=unix::././s'"
            })
    void twoApplicationsHaveNoAddressInCommon(String first, String second) {
        String problem = problems(
                        "applications:~  a:~    {app: a.jar, " + first + "}~  b: {app: b.jar, " + second + "}")
                .get(0);
        assertTrue(problem.startsWith("a:4:19: b: "), problem);
        assertTrue(problem.contains("is the address of an application before it, 'a'"), problem);
    }

    @Test
    void portsThatTheSystemPicksAndSharedOnesAreNoConflict() throws Exception {
        plans("applications: { a: {app: a.jar, port: 0}, b: {app: b.jar, port: 0} }");
        plans("applications: { a: {app: a.jar, port: 1}, b: {app: b.jar, socket: 'udp::1'} }");
        plans("defaults: {reuse-port: true}~applications: { a: {app: a.jar, port: 1}, b: {app: b.jar, port: 1} }");
    }

    @Test
    void filesThatDoNotExistYetAreWarnings() throws Exception {
        Configuration configuration =
                read("applications:~  a:~    app: a.jar~    port: 1~    lib: [ l.jar ]~  b: {app: a.yaml, port: 2}");
        List<String> warnings = new ArrayList<>();
        configuration.warnings(plans(configuration)).forEach(warning -> warnings.add(warning.in("a")));
        assertEquals(
                List.of(
                        "a:3:5: a: '" + directory.resolve("a.jar") + "' does not exist yet",
                        "a:5:5: a: the library '" + directory.resolve("l.jar") + "' does not exist yet"),
                warnings);
    }

    @Test
    void passedSocketsGoToTheApplicationThatNamesThem() throws Exception {
        Configuration configuration = read("applications:~  a: {app: a.jar, socket: 'web=http::8081'}"
                + "~  b: {app: b.jar, inherit: 'api=http', port: 8082}");
        List<ApplicationPlan> plans = plans(configuration, passed(3, "api"), passed(4, "web"));
        assertEquals(
                new Endpoint.Inherited(4), options(plans, "a").sockets().get(0).endpoint());
        assertEquals(
                List.of(new Endpoint.Tcp("127.0.0.1", 8082), new Endpoint.Inherited(3)),
                options(plans, "b").sockets().stream().map(SocketSpec::endpoint).toList());
        assertRefused(configuration, passed(3, "other"), "no application has a socket of that name");
        assertRefused(configuration, new InheritedSocket(3, Optional.empty()), "without a name");
    }

    @Test
    void aPassedSocketThatSeveralApplicationsCouldHaveIsRefused() throws Exception {
        Configuration configuration = read("applications: { a: {app: a.jar, port: 1}, b: {app: b.jar, port: 2} }");
        assertRefused(configuration, passed(3, "http"), "several applications have a socket of that name: a, b");
    }

    private static InheritedSocket passed(int descriptor, String name) {
        return new InheritedSocket(descriptor, Optional.of(name));
    }

    private static void assertRefused(Configuration configuration, InheritedSocket socket, String expected) {
        SupervisorException e = assertThrows(SupervisorException.class, () -> plans(configuration, socket));
        assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
    }
}
