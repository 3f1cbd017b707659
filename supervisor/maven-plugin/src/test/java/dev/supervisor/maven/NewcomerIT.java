package dev.supervisor.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Document;
import dev.supervisor.testing.Document.Block;
import dev.supervisor.testing.SameOnEveryJdk;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who has just met the project, and does what README.md and docs/getting-started.md say, in their order and in
 * their words: installs it, runs the demo and changes it, makes a first application by Maven, Gradle and javac, forgets a
 * semicolon and mends it.
 *
 * <p>In CI the newcomer finds the distribution and the local repository that the build has made. With {@code
 * -Dnewcomer.root=DIR} the newcomer is on another machine, as it were: in the root directory {@code DIR}, which has
 * nothing but a JDK, Maven and, in {@code /home/newcomer/supervisor}, the tracked files ({@code supervisor/newcomer/run} makes it).
 */
@SameOnEveryJdk
@Timeout(3600)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the documents have lines for a POSIX shell")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NewcomerIT {

    private static final Document README = Document.read("README.md");
    private static final Document GETTING_STARTED = Document.read("docs/getting-started.md");

    private static final Document MAVEN = Document.read("docs/maven.md");

    private static final String SOURCE = "src/main/java/hello/Hello.java";
    private static final String PROVIDER = "src/main/resources/META-INF/services/dev.supervisor.spi.Application";

    /** In the source of the document, and without its semicolon. */
    private static final String STATEMENT = "context.writeAndFlush(response)";

    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init")
    private Machine machine;

    @BeforeEach
    void arrive() throws Exception {
        RunMojoIT.assumeMaven();
        machine = Machine.of(temporary);
    }

    /** The first, which installs; in another root the others find that done. */
    @Test
    @Order(1)
    void whatTheReadmeSaysWorksInItsOrder() throws Exception {
        setUp(README.block("mvn -B -q package"));
        install(README.block("Install", "sh"));
        demo(README.block("The demo", "sh"));
        firstApplication(README.block("Your first application", "sh"));
    }

    /** The second line is what CI runs, so that it is not run here once more. */
    private void setUp(Block block) throws Exception {
        List<String> commands = block.commands();
        assertEquals(2, commands.size());
        String build = commands.get(0).substring(0, commands.get(0).indexOf("&&"));
        machine.build(build);
        try (Command supervisor =
                machine.start("supervisor", commands.get(0).substring(build.length() + "&&".length()))) {
            Answer page = Client.get(supervisor.awaitSocket(), "/");
            assertEquals(200, page.status());
            assertTrue(page.body().contains("<html"), page::body);
        }
        String all = withoutRemark(commands.get(1));
        assertTrue(Files.readAllLines(Document.REPOSITORY.resolve(".ci/run")).contains("on_jdk 25 " + all), all);
    }

    private static String withoutRemark(String command) {
        return command.replaceFirst("\\s+#.*\\s*", "");
    }

    private void install(Block block) throws Exception {
        List<String> commands = block.commands();
        assertEquals(2, commands.size());
        machine.build(commands.get(0));
        machine.run("supervisor", commands.get(1));
        machine.run("supervisor", "supervisor --version");
    }

    private void demo(Block block) throws Exception {
        String source =
                theOnly("`(demo-app/src/\\S+\\.java)`", Files.readString(Document.REPOSITORY.resolve("README.md")));
        assertEquals(
                block.text(),
                Document.read("docs/demo.md").block("supervisor --port 8888").text());
        try (Command supervisor = machine.start("supervisor", block.text())) {
            InetSocketAddress address = supervisor.awaitSocket();
            String before = Client.get(address, "/").body();
            Path file = machine.file("supervisor/" + source);
            String text = aTextOf(Files.readString(file), before);
            replace(file, text, text + " (changed by a newcomer)");
            String after = Client.get(address, "/").body();
            assertTrue(after.contains(text + " (changed by a newcomer)"), after);
        }
    }

    /** Returns words of the source that stand in the page, too. */
    private static String aTextOf(String source, String page) {
        return Pattern.compile("\\p{Alpha}+(?: \\p{Alpha}+){2,}")
                .matcher(source)
                .results()
                .map(words -> words.group())
                .filter(words -> page.contains(words))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no text of the source is in " + page));
    }

    private static String theOnly(String pattern, String text) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertTrue(found.find(), pattern);
        return found.group(1);
    }

    /** A Maven project that one has, and one that is made anew. */
    private void firstApplication(Block block) throws Exception {
        List<String> commands = block.commands();
        assertEquals(2, commands.size());
        writeApplication("your-project");
        machine.write(
                "your-project/pom.xml",
                GETTING_STARTED.block("Built by Maven", "xml").text());
        machine.fetch("your-project");
        String there = MAVEN.block("mvn -q install").commands().get(1);
        assertEquals("cd ../your-project && " + withoutRemark(commands.get(0)), there.strip());
        try (Command maven = machine.start("supervisor", there)) {
            serves(maven, "Hello, world\n");
        }
        Files.createDirectories(machine.file("new"));
        try (Command maven = machine.start("new", commands.get(1))) {
            serves(maven, "Hello, world\n");
        }
    }

    private static void serves(Command command, String expected) throws Exception {
        assertEquals(expected, Client.get(command.awaitSocket(), "/").body());
    }

    private void writeApplication(String project) throws IOException {
        machine.write(
                project + "/" + SOURCE,
                GETTING_STARTED.block("An application of the SPI", "java").text());
        machine.write(
                project + "/" + PROVIDER,
                GETTING_STARTED.block("An application of the SPI", "text").text());
    }

    @Test
    void theFirstApplicationIsBuiltByMavenAndSurvivesAnError() throws Exception {
        machine.install();
        writeApplication("by-maven");
        machine.write(
                "by-maven/pom.xml",
                GETTING_STARTED.block("Built by Maven", "xml").text());
        machine.fetch("by-maven");
        List<Block> blocks = GETTING_STARTED.blocks().stream()
                .filter(block -> block.heading().equals("Built by Maven")
                        && block.language().equals("sh"))
                .toList();
        assertEquals(2, blocks.size());
        try (Command maven = machine.start("by-maven", blocks.get(0).text())) {
            loop(maven, machine.file("by-maven/" + SOURCE));
        }
        List<String> commands = blocks.get(1).commands();
        assertEquals(2, commands.size());
        machine.run("by-maven", commands.get(0));
        try (Command supervisor = machine.start("by-maven", commands.get(1))) {
            loop(supervisor, machine.file("by-maven/" + SOURCE));
        }
    }

    @Test
    void theConfigurationOfThePluginIsInThePom() throws Exception {
        machine.install();
        writeApplication("configured");
        String pom = GETTING_STARTED.block("Built by Maven", "xml").text();
        Matcher plugin = Pattern.compile("(?s)<plugin>\\s+<groupId>dev.supervisor</groupId>.*?</plugin>\\n")
                .matcher(pom);
        machine.write(
                "configured/pom.xml",
                plugin.replaceFirst(
                        Matcher.quoteReplacement(MAVEN.block("<plugin>").text())));
        machine.fetch("configured");
        String port = theOnly("<port>(\\d+)</port>", Files.readString(machine.file("configured/pom.xml")));
        try (Command maven = machine.start("configured", "mvn supervisor:run")) {
            assertEquals(port, String.valueOf(maven.awaitSocket().getPort()));
        }
    }

    /** What the last section of docs/getting-started.md tells. */
    private static void loop(Command command, Path source) throws Exception {
        InetSocketAddress address = command.awaitSocket();
        assertEquals("Hello, world\n", Client.get(address, "/").body());
        replace(source, "Hello, world", "Hello, again");
        assertEquals("Hello, again\n", Client.get(address, "/").body());
        replace(source, STATEMENT + ";", STATEMENT);
        String text = Files.readString(source);
        Answer failure = Client.get(address, "/");
        assertEquals(503, failure.status());
        long line = text.substring(0, text.indexOf(STATEMENT)).lines().count();
        assertTrue(failure.body().contains("Hello.java:" + line), failure::body);
        replace(source, STATEMENT, STATEMENT + ";");
        assertEquals("Hello, again\n", Client.get(address, "/").body());
        replace(source, "Hello, again", "Hello, world");
        assertEquals("Hello, world\n", Client.get(address, "/").body());
    }

    private static void replace(Path file, String before, String after) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.contains(before), text);
        Files.writeString(file, text.replace(before, after));
    }

    @Test
    void theFirstApplicationIsBuiltByGradle() throws Exception {
        machine.install();
        machine.assumeGradle();
        writeApplication("by-gradle");
        machine.write(
                "by-gradle/settings.gradle",
                GETTING_STARTED.block("rootProject.name").text());
        machine.write(
                "by-gradle/build.gradle", GETTING_STARTED.block("plugins {").text());
        try (Command supervisor = machine.start(
                "by-gradle", GETTING_STARTED.block("Built by Gradle", "sh").text())) {
            loop(supervisor, machine.file("by-gradle/" + SOURCE));
        }
        machine.write("by-gradle/settings.gradle", "rootProject.name = 'app'\n");
        try (Command supervisor =
                machine.start("by-gradle", README.block("The loop", "sh").text())) {
            serves(supervisor, "Hello, world\n");
        }
    }

    @Test
    void theFirstApplicationIsBuiltByJavac() throws Exception {
        machine.install();
        writeApplication("by-javac");
        try (Command supervisor = machine.start("by-javac", here(GETTING_STARTED.block("javac -cp")))) {
            serves(supervisor, "Hello, world\n");
        }
        try (Command supervisor =
                machine.start("by-javac", here(GETTING_STARTED.block("supervisor --port 8888 --app classes")))) {
            loop(supervisor, machine.file("by-javac/" + SOURCE));
        }
    }

    /** The document has a word for the directory of the distribution. */
    private static String here(Block block) {
        return block.text().replace("SUPERVISOR/", "../supervisor/supervisor/target/dist/");
    }
}
