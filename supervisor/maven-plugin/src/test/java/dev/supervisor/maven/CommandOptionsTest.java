package dev.supervisor.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.plugin.MojoExecutionException;
import org.junit.jupiter.api.Test;

class CommandOptionsTest {

    private static final Pattern OPTION = Pattern.compile("(?m)^ {2,6}(?:-\\w, )?--([a-z-]+)(\\[?=)?");
    private static final Set<String> STANDARD = Set.of("help", "version");

    @Test
    void everyOptionOfTheCommandLineIsAParameterOrPartOfTheProject() throws Exception {
        Map<String, Set<String>> kinds =
                Map.of("", CommandOptions.FLAGS, "=", CommandOptions.VALUES, "[=", CommandOptions.BOTH);
        Set<String> seen = new HashSet<>();
        Matcher options = OPTION.matcher(help());
        while (options.find()) {
            String name = options.group(1);
            String kind = options.group(2) == null ? "" : options.group(2);
            if (!STANDARD.contains(name) && !CommandOptions.OF_PROJECT.contains(name)) {
                assertTrue(
                        kinds.getOrDefault(kind, Set.of()).contains(name),
                        () -> "--" + name + kind + " is missing in CommandOptions, or is of another kind there");
                seen.add(name);
            }
        }
        Set<String> known = new HashSet<>();
        kinds.values().forEach(known::addAll);
        assertEquals(seen, known);
    }

    private static String help() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.supervisor.launcher.Launcher",
                        "--help")
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text;
    }

    @Test
    void everyOptionIsNamedInTheHelp() throws Exception {
        String help = new String(
                CommandOptionsTest.class
                        .getResourceAsStream("/META-INF/maven/plugin.xml")
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        Set<String> known = new HashSet<>(CommandOptions.VALUES);
        known.addAll(CommandOptions.FLAGS);
        known.addAll(CommandOptions.BOTH);
        known.forEach(name -> assertTrue(help.contains(name), () -> "RunMojo.options does not name " + name));
    }

    @Test
    void optionsOfAPomBecomeArguments() throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("bell", null);
        options.put("quiet", "false");
        options.put("refresh", "inject");
        options.put("hold-timeout", " 5s ");
        assertEquals(
                List.of("--bell", "--hold-timeout=5s", "--refresh=inject"),
                new CommandOptions().setAll(options).arguments());
    }

    @Test
    void propertiesOfTheProjectThatAreNoOptionsAreLeftAlone() {
        Properties properties = new Properties();
        properties.setProperty("supervisor.version", "1");
        properties.setProperty("supervisor.module", "app");
        properties.setProperty("supervisor.bell", "");
        properties.setProperty("supervisor.refresh", "true");
        assertEquals(
                List.of("--bell", "--refresh"),
                new CommandOptions().setAll(properties).arguments());
    }

    @Test
    void aPropertyThatIsMisspeltIsFound() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("supervisor.hold-timout", "5s");
        properties.setProperty("supervisor.hold-timeout", "5s");
        properties.setProperty("other", "");
        String plugin = new String(
                CommandOptionsTest.class
                        .getResourceAsStream("/META-INF/maven/plugin.xml")
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        List<MatchResult> parameters = Pattern.compile("\\$\\{(supervisor\\.[a-z-]+)}")
                .matcher(plugin)
                .results()
                .toList();
        assertFalse(parameters.isEmpty());
        parameters.forEach(parameter -> properties.setProperty(parameter.group(1), "x"));
        assertEquals(List.of("supervisor.hold-timout"), CommandOptions.unknownIn(properties));
    }

    @Test
    void aListIsGivenOptionByOption() {
        CommandOptions options = new CommandOptions().set("socket", List.of("http::1", " ", "tcp::2"));
        assertEquals(List.of("--socket=http::1", "--socket=tcp::2"), options.arguments());
    }

    @Test
    void anUnknownOptionIsAnErrorThatListsAll() {
        Map<String, String> options = new HashMap<>(Map.of("hold", "5s"));
        MojoExecutionException e =
                assertThrows(MojoExecutionException.class, () -> new CommandOptions().setAll(options));
        assertTrue(String.valueOf(e.getMessage()).contains("the supervisor has no option 'hold'"), e::toString);
        assertTrue(String.valueOf(e.getMessage()).contains("hold-timeout"), e::toString);
    }

    @Test
    void whatTheProjectStandsForCantBeGiven() {
        MojoExecutionException e =
                assertThrows(MojoExecutionException.class, () -> new CommandOptions().setAll(Map.of("app", "x.jar")));
        assertTrue(String.valueOf(e.getMessage()).contains("taken from the project"), e::toString);
    }
}
