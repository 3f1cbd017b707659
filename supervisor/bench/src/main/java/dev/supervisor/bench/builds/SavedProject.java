package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ProjectPaths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An application of two sources, in a directory of its own: saving one of them changes the application's answer. */
public record SavedProject(Path home, String command) {

    /** The tool that builds the application into {@code target/classes}. */
    public enum BuildTool {
        JAVAC("javac -d") {
            @Override
            String command(Path home) {
                return Programs.ofJdk("javac") + " -proc:none -cp " + Distribution.SUPERVISOR_JAR.toAbsolutePath()
                        + " -d " + home.resolve(CLASSES) + " " + home.resolve(SOURCES) + "/*.java";
            }
        },
        MAVEN("mvn -o -q compile") {
            @Override
            String command(Path home) {
                return Programs.installed("mvn", "maven") + " -o -q -f " + home.resolve("pom.xml") + " -Dnetty="
                        + Distribution.SUPERVISOR_JAR.toAbsolutePath() + " compile";
            }
        };

        /** The name in tables. */
        public final String title;

        BuildTool(String title) {
            this.title = title;
        }

        abstract String command(Path home);
    }

    private static final Path TEMPLATE = ProjectPaths.application("saved");
    private static final String TEXT = "SavedText.java";
    private static final String CLASSES = "target/classes";
    private static final String SOURCES = "src/main/java/saved";
    private static final String PROVIDER = "META-INF/services/dev.supervisor.spi.Application";

    public static SavedProject create(Path home, BuildTool tool) throws IOException, InterruptedException {
        Files.createDirectories(home.resolve(SOURCES));
        for (String source : List.of("SavedApplication.java", TEXT)) {
            Files.copy(TEMPLATE.resolve(source), home.resolve(SOURCES).resolve(source));
        }
        Files.copy(TEMPLATE.resolve("pom.xml"), home.resolve("pom.xml"));
        for (String resources : List.of("src/main/resources", CLASSES)) {
            Path provider = home.resolve(resources).resolve(PROVIDER);
            Files.createDirectories(provider.getParent());
            Files.writeString(provider, "saved.SavedApplication\n");
        }
        SavedProject project = new SavedProject(home, tool.command(home));
        project.buildOnce();
        return project;
    }

    /** Builds with access to the network, since Maven may have to download something first. */
    private void buildOnce() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command.replace(" -o ", " ")).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process building = builder.start();
        String output = new String(building.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (building.waitFor() != 0) {
            throw new IllegalStateException("'" + command + "' fails: " + output);
        }
    }

    public List<String> supervised() {
        return Distribution.supervised(
                home.resolve(CLASSES),
                "--build",
                command,
                "--watch",
                home.resolve("src").toString());
    }

    public String text(int number) {
        return "build " + number + "\n";
    }

    public void save(int number) throws IOException {
        String source = Files.readString(TEMPLATE.resolve(TEXT));
        Files.writeString(home.resolve(SOURCES).resolve(TEXT), source.replace("build 0", "build " + number));
    }
}
