package dev.supervisor.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.Diagnostic;
import dev.supervisor.build.Diagnostics;
import dev.supervisor.compile.Delegate.Answer;
import dev.supervisor.compile.Project;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The goal in a real Maven, on the projects of {@code src/test/projects}. */
class RunMojoIT {

    @TempDir
    Path temporary;

    /** Skips the tests, loudly, if Maven has not started them. */
    @BeforeAll
    static void assumeMaven() {
        boolean there = System.getProperty("outer.maven.home") != null;
        if (!there) {
            System.err.println("TEST SKIPPED: it needs the properties that the build sets (mvn verify)");
        }
        assumeTrue(there, "it needs the properties that the build sets (mvn verify)");
    }

    static Stream<Path> mavens() throws IOException {
        try (Stream<Path> others = Files.list(Path.of("target/mavens"))) {
            return Stream.concat(
                    Stream.of(ownMaven()), others.map(Path::toAbsolutePath).sorted())
                    .toList()
                    .stream();
        }
    }

    static Path ownMaven() {
        return OfflineMaven.own().home();
    }

    @ParameterizedTest
    @MethodSource("mavens")
    void modulesAreDescribedInTheOrderOfTheirBuildWithTheirProcessors(Path home) throws Exception {
        Sample sample = Sample.copy("lombok", temporary);
        try (MavenRun run = MavenRun.start(home, sample.directory()).awaitSupervisor()) {
            Project project = run.project();
            assertEquals(
                    List.of("lib", "app"),
                    project.modules().stream().map(Project.Module::name).toList());
            assertEquals(sample.file("app/target/classes"), project.app());
            assertEquals(sample.directory(), project.directory());
            assertEquals(sample.file("lib/target/classes"), project.libraries().get(0));
            assertEquals(
                    List.of("mapstruct-1.6.3.jar"), names(project.libraries().subList(1, 2)));
            assertEquals(2, project.libraries().size(), "what is provided is not part of the class path at run time");
            assertEquals(
                    List.of(sample.file("pom.xml"), sample.file("lib/pom.xml"), sample.file("app/pom.xml")),
                    project.descriptors());
            Project.Module lib = project.modules().get(0);
            assertEquals(List.of("lombok-1.18.48.jar", "mapstruct-processor-1.6.3.jar"), names(lib.processorPath()));
            assertEquals(List.of("lombok-1.18.48.jar", "mapstruct-1.6.3.jar"), names(lib.classPath()));
            assertEquals(List.of("--release", "17", "-encoding", "UTF-8", "-g", "-parameters"), lib.options());
            assertEquals(List.of(sample.file("lib/src/main/java")), lib.sourceRoots());
            assertEquals(List.of(sample.file("lib/src/main")), lib.watched());
            assertEquals("", lib.delegated());
            assertEquals("", run.module("app").delegated());
            assertTrue(Files.exists(sample.file("app/target/classes/sample/Main.class")), "it is built at the start");
            assertTrue(Files.exists(sample.file("lib/target/classes/sample/CopierImpl.class")));
            assertEquals(0, run.exit(0), run.output());
        }
    }

    @ParameterizedTest
    @MethodSource("mavens")
    void testsAreDescribedIfTheyAreAskedForWithAllThatSurefireAdds(Path home) throws Exception {
        Sample sample = Sample.copy("tested", temporary);
        try (MavenRun run =
                MavenRun.start(home, sample.directory(), "-Dtest.on.save").awaitSupervisor()) {
            Project.Module module = run.module("tested");
            assertEquals(List.of(), module.classPath());
            Project.Tests tests = Objects.requireNonNull(module.testing());
            assertEquals(List.of(sample.file("src/test/java")), tests.sourceRoots());
            assertEquals(sample.file("target/test-classes"), tests.output());
            assertEquals(sample.file("target/classes"), tests.classPath().get(0));
            String version = System.getProperty("it.junit");
            assertTrue(names(tests.classPath()).contains("junit-jupiter-api-" + version + ".jar"), tests::toString);
            assertEquals(
                    List.of(
                            "junit-jupiter-engine-" + version + ".jar",
                            "junit-platform-engine-" + version + ".jar",
                            "junit-platform-launcher-" + version + ".jar"),
                    names(tests.launcher()));
            assertEquals(List.of("--release", "17", "-encoding", "UTF-8", "-g"), tests.options());
            assertTrue(run.arguments().contains("--test-on-save"));
            assertEquals(new Answer(true, List.of()), run.resolve());
            assertEquals(tests, run.module("tested").testing(), "a POM that is read again changes nothing");
            assertEquals(0, run.exit(0), run.output());
        }
    }

    private static List<String> names(List<Path> paths) {
        return paths.stream().map(path -> path.getFileName().toString()).toList();
    }

    @ParameterizedTest
    @MethodSource("mavens")
    void theDescriptorsAreReadAgain(Path home) throws Exception {
        Sample sample = Sample.copy("lombok", temporary);
        try (MavenRun run = MavenRun.start(home, sample.directory()).awaitSupervisor()) {
            sample.replace("pom.xml", "<parameters>true", "<parameters>false");
            sample.replace("app/pom.xml", "</dependencies>", """
                    <dependency>
                      <groupId>org.projectlombok</groupId>
                      <artifactId>lombok</artifactId>
                    </dependency>
                  </dependencies>""");
            assertEquals(new Answer(true, List.of()), run.resolve());
            assertFalse(run.module("lib").options().contains("-parameters"), "the parent's change is seen");
            assertTrue(names(run.project().libraries()).contains("lombok-1.18.48.jar"));

            sample.replace("app/pom.xml", "<artifactId>app</artifactId>", "<artifactId>app</artifact>");
            Answer broken = run.resolve();
            assertFalse(broken.good());
            assertTrue(
                    String.join("\n", broken.lines())
                            .contains(sample.file("app/pom.xml").toString()),
                    broken::toString);

            sample.replace("app/pom.xml", "</artifact>", "</artifactId>");
            sample.replace("app/pom.xml", "<artifactId>lombok<", "<artifactId>nonexistent<");
            Answer missing = run.resolve();
            assertFalse(missing.good());
            assertTrue(String.join("\n", missing.lines()).contains("nonexistent"), missing::toString);
            assertEquals(0, run.exit(0), run.output());
        }
    }

    @ParameterizedTest
    @MethodSource("mavens")
    void aModuleThatIsAddedIsPartOfTheProject(Path home) throws Exception {
        Sample sample = Sample.copy("lombok", temporary);
        try (MavenRun run = MavenRun.start(home, sample.directory()).awaitSupervisor()) {
            Files.createDirectories(sample.file("more"));
            String pom = Files.readString(sample.file("app/pom.xml"));
            Files.writeString(
                    sample.file("more/pom.xml"),
                    pom.replaceAll("(?s)<dependencies>.*</dependencies>", "")
                            .replace("<artifactId>app<", "<artifactId>more<"));
            sample.replace("pom.xml", "<module>lib</module>", "<module>lib</module><module>more</module>");
            sample.replace("app/pom.xml", "</dependencies>", """
                    <dependency>
                      <groupId>sample</groupId>
                      <artifactId>more</artifactId>
                      <version>1</version>
                    </dependency>
                  </dependencies>""");
            assertEquals(new Answer(true, List.of()), run.resolve());
            assertTrue(run.project().libraries().contains(sample.file("more/target/classes")));
            assertTrue(run.project().descriptors().contains(sample.file("more/pom.xml")));
            assertEquals(3, run.project().modules().size());
            assertTrue(run.execute("more").good());
            assertEquals(0, run.exit(0), run.output());
        }
    }

    @ParameterizedTest
    @MethodSource("mavens")
    void whatJavacCantDoIsDoneByMaven(Path home) throws Exception {
        Sample sample = Sample.copy("generated", temporary);
        try (MavenRun run = MavenRun.start(home, sample.file("app"), "-Dsupervisor.also-watch=schema,none")
                .awaitSupervisor()) {
            Project.Module module = run.module("generated");
            assertEquals("maven-antrun-plugin:run is part of the build", module.prepared());
            assertEquals("", module.delegated(), "its sources are plain Java");
            assertEquals(List.of(sample.file("app/schema")), module.watched());
            Path generated = sample.file("app/target/generated-sources/schema");
            assertEquals(new Answer(true, List.of()), run.prepare("generated"));
            assertEquals(
                    List.of(sample.file("app/java"), generated),
                    run.module("generated").sourceRoots());
            assertEquals(
                    List.of(sample.file("app/pom.xml"), sample.file("parent/pom.xml")),
                    run.project().descriptors());

            Path type = sample.file("app/target/classes/sample/Message.class");
            byte[] before = Files.readAllBytes(type);
            sample.replace("app/schema/Message.schema", "\"one\"", "\"changed\"");
            assertEquals(new Answer(true, List.of()), run.execute("generated"));
            assertNotEquals(List.of(before), List.of(Files.readAllBytes(type)));

            sample.replace("app/java/sample/Main.java", "Message.text()", "Message.none()");
            Answer failed = run.execute("generated");
            assertFalse(failed.good());
            String place = "[ERROR] " + sample.file("app/java/sample/Main.java") + ":[5,35] cannot find symbol";
            assertEquals(place, failed.lines().get(0), failed::toString);
            List<Diagnostic> found = Diagnostics.of(sample.directory(), failed.lines());
            assertEquals(sample.file("app/java/sample/Main.java"), found.get(0).file());
            assertEquals(5, found.get(0).line());
            assertFalse(run.output().contains("COMPILATION ERROR"), "the terminal is the supervisor's");

            sample.replace("app/pom.xml", "</project>", "<description>changed</description></project>");
            assertEquals(new Answer(true, List.of()), run.resolve());
            assertTrue(run.module("generated").sourceRoots().contains(generated), "it is in no descriptor");
            assertEquals(0, run.exit(0), run.output());
        }
    }

    @Test
    void profilesCount() throws Exception {
        Sample sample = Sample.copy("profiles", temporary);
        try (MavenRun run =
                MavenRun.start(ownMaven(), sample.directory(), "-Pfast").awaitSupervisor()) {
            Project.Module module = run.module("profiles");
            assertEquals(List.of("--release", "16", "-encoding", "UTF-8", "-Xlint:all"), module.options());
            assertEquals(List.of(sample.file("src/fast/java")), module.sourceRoots());
            assertTrue(
                    run.arguments().contains("--main-class=sample.Fast"),
                    () -> run.arguments().toString());
            assertTrue(run.arguments().contains("--drain-timeout=1s"), "a property of the project");
            assertEquals(new Answer(true, List.of()), run.resolve());
            assertEquals(module, run.module("profiles"));
        }
    }

    @Test
    void severalMainClassesAreListed() throws Exception {
        Sample sample = Sample.copy("profiles", temporary);
        try (MavenRun run = MavenRun.start(ownMaven(), sample.directory())) {
            assertEquals(1, run.awaitEnd());
            String said = "several classes of profiles have a main(): sample.One, sample.Two (say which one to run:"
                    + " -Dsupervisor.main-class=sample.One";
            assertTrue(run.output().contains(said), run.output());
        }
    }

    @Test
    void nothingToRunIsSaid() throws Exception {
        Sample sample = Sample.copy("lombok", temporary);
        try (MavenRun run = MavenRun.start(ownMaven(), sample.directory(), "-Dsupervisor.module=lib")) {
            assertEquals(1, run.awaitEnd());
            assertTrue(run.output().contains("there is nothing to run in lib: no class has"), run.output());
        }
        try (MavenRun run = MavenRun.start(ownMaven(), sample.directory(), "-Dsupervisor.module=none")) {
            assertEquals(1, run.awaitEnd());
            assertTrue(
                    run.output().contains("there is no module 'none' with classes (the modules are: lib, app"),
                    run.output());
        }
    }

    @Test
    void aModuleThatIsNotPartOfTheBuildIsMissed() throws Exception {
        Sample sample = Sample.copy("lombok", temporary);
        try (MavenRun run = MavenRun.start(ownMaven(), sample.file("app"))) {
            assertEquals(1, run.awaitEnd());
            assertTrue(run.output().contains("run Maven in the directory of the parent POM"), run.output());
        }
        String[] only = {"--projects", "app", "--also-make"};
        try (MavenRun run = MavenRun.start(ownMaven(), sample.directory(), only).awaitSupervisor()) {
            assertEquals(2, run.project().modules().size());
            assertEquals(new Answer(true, List.of()), run.resolve());
        }
    }

    @Test
    void theModuleWithAnApplicationOfTheSpiIsRunWithoutAMainClass() throws Exception {
        Sample sample = Sample.copy("lombok", temporary);
        Path services = sample.file("lib/src/main/resources/META-INF/services");
        Files.createDirectories(services);
        Files.writeString(services.resolve("dev.supervisor.spi.Application"), "sample.None");
        try (MavenRun run = MavenRun.start(ownMaven(), sample.directory()).awaitSupervisor()) {
            assertEquals(sample.file("lib/target/classes"), run.project().app());
            assertEquals(1, run.project().modules().size(), "it does not need the other one");
            assertFalse(String.join(" ", run.arguments()).contains("--main-class"));
        }
    }

    @ParameterizedTest
    @MethodSource("mavens")
    void theCommandLineHasAllThatIsConfigured(Path home) throws Exception {
        Sample sample = Sample.copy("lombok", temporary);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                MavenRun run = MavenRun.start(
                                home,
                                sample.directory(),
                                "-Dsocket=http::0,mqtt=tcp::0",
                                "-Dsupervisor.swap=overlap",
                                "-Dsupervisor.hold-timeout=7s",
                                "-Dsupervisor.refresh",
                                "-Djvm.args=-Xmx100m '-Da=b c'",
                                "-Ddebug=" + taken.getLocalPort() + ",suspend",
                                "-Darguments=--name 'two words'")
                        .awaitSupervisor()) {
            List<String> arguments = run.arguments();
            assertEquals(List.of("-Xmx100m", "-Da=b c"), arguments.subList(0, 2));
            assertTrue(arguments
                    .get(2)
                    .startsWith("-agentlib:jdwp=transport=dt_socket,server=y,quiet=y,suspend=y,address="));
            assertFalse(arguments.get(2).endsWith(":" + taken.getLocalPort()));
            assertTrue(run.output().contains("since port " + taken.getLocalPort() + " is taken"), run.output());
            assertEquals(
                    List.of("--", "--name", "two words"), arguments.subList(arguments.size() - 3, arguments.size()));
            assertTrue(
                    arguments.containsAll(List.of("--socket=http::0", "--socket=mqtt=tcp::0", "--swap=overlap")),
                    arguments::toString);
            assertTrue(arguments.containsAll(List.of("--hold-timeout=7s", "--bell", "--refresh")), arguments::toString);
            assertFalse(String.join(" ", arguments).contains("--port"), "there are sockets");
        }
    }

    @Test
    void aModuleThatCantBeCompiledIsNoEndOfTheGoal() throws Exception {
        Sample sample = Sample.copy("generated", temporary);
        sample.replace("app/java/sample/Main.java", "Message.text()", "Message.none()");
        String main = "-Dsupervisor.main-class=sample.Main";
        try (MavenRun run = MavenRun.start(ownMaven(), sample.file("app"), main).awaitSupervisor()) {
            Answer answer = run.execute("generated");
            assertFalse(answer.good());
            assertTrue(
                    String.join("\n", answer.lines())
                            .contains("[ERROR] " + sample.file("app/java/sample/Main.java") + ":[5,"),
                    answer::toString);
            sample.replace("app/java/sample/Main.java", "Message.none()", "Message.text()");
            assertTrue(run.execute("generated").good());
        }
    }

    @ParameterizedTest
    @MethodSource("mavens")
    void theExitCodeOfTheSupervisorIsThatOfTheGoal(Path home) throws Exception {
        Sample sample = Sample.copy("lombok", temporary);
        try (MavenRun run = MavenRun.start(home, sample.directory()).awaitSupervisor()) {
            Path socket = Path.of(run.argument("--project-tool"));
            Path directory = socket.getParent();
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
            assertEquals(1, run.exit(2));
            assertTrue(run.output().contains("the supervisor was given an option that it can't use"), run.output());
            assertFalse(Files.exists(directory));
        }
    }

    @ParameterizedTest
    @MethodSource("mavens")
    void nothingIsLeftBehindWhenMavenIsEnded(Path home) throws Exception {
        Sample sample = Sample.copy("lombok", temporary);
        try (MavenRun run = MavenRun.start(home, sample.directory()).awaitSupervisor()) {
            Path directory = Path.of(run.argument("--project-tool")).getParent();
            run.maven().destroy();
            assertNotEquals(0, run.awaitEnd());
            assertFalse(run.isSupervisorAlive());
            assertFalse(Files.exists(directory));
            assertFalse(run.output().contains("BUILD"), run.output());
        }
    }
}
