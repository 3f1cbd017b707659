package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An application of two sources, in a directory of its own: a save changes what it answers. */
record SavedProject(Path home, String command) {

    /** What builds it, into {@code target/classes}. */
    enum Tool {
        JAVAC("javac -d") {
            @Override
            String command(Path home) {
                return bench.Tool.ofJdk("javac") + " -proc:none -cp " + Distribution.SUPERVISOR_JAR.toAbsolutePath()
                        + " -d " + home.resolve(CLASSES) + " " + home.resolve(SOURCES) + "/*.java";
            }
        },
        MAVEN("mvn -o -q compile") {
            @Override
            String command(Path home) {
                return bench.Tool.installed("mvn", "maven") + " -o -q -f " + home.resolve("pom.xml") + " -Dnetty="
                        + Distribution.SUPERVISOR_JAR.toAbsolutePath() + " compile";
            }
        };

        /** In short. */
        final String title;

        Tool(String title) {
            this.title = title;
        }

        abstract String command(Path home);
    }

    private static final Path TEMPLATE = Path.of("bench/saved");
    private static final String CLASSES = "target/classes";
    private static final String SOURCES = "src/main/java/saved";
    private static final String PROVIDER = "META-INF/services/dev.supervisor.spi.Application";

    static SavedProject create(Path home, Tool tool) throws IOException, InterruptedException {
        Files.createDirectories(home.resolve(SOURCES));
        for (String source : List.of("Page.java", "Text.java")) {
            Files.copy(TEMPLATE.resolve(source), home.resolve(SOURCES).resolve(source));
        }
        Files.copy(TEMPLATE.resolve("pom.xml"), home.resolve("pom.xml"));
        for (String resources : List.of("src/main/resources", CLASSES)) {
            Path provider = home.resolve(resources).resolve(PROVIDER);
            Files.createDirectories(provider.getParent());
            Files.writeString(provider, "saved.Page\n");
        }
        SavedProject project = new SavedProject(home, tool.command(home));
        project.buildOnce();
        return project;
    }

    /** Maven may have to download something first. */
    private void buildOnce() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command.replace(" -o ", " ")).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process building = builder.start();
        String output = new String(building.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (building.waitFor() != 0) {
            throw new IllegalStateException("'" + command + "' fails: " + output);
        }
    }

    List<String> supervised() {
        return Distribution.supervised(
                home.resolve(CLASSES),
                "--build",
                command,
                "--watch",
                home.resolve("src").toString());
    }

    String text(int number) {
        return "build " + number + "\n";
    }

    void save(int number) throws IOException {
        String source = Files.readString(TEMPLATE.resolve("Text.java"));
        Files.writeString(home.resolve(SOURCES).resolve("Text.java"), source.replace("build 0", "build " + number));
    }
}
