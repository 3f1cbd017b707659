package dev.supervisor.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Maven, offline: with what the outer build has used or put into the repository of the tests. */
record OfflineMaven(Path home) {

    /** Returns the Maven that runs the build. */
    static OfflineMaven own() {
        return new OfflineMaven(Path.of(outer("home")));
    }

    private static String outer(String name) {
        return Objects.requireNonNull(System.getProperty("outer.maven." + name));
    }

    /**
     * Returns a process to start.
     *
     * @param work a directory for its settings
     */
    ProcessBuilder process(Path work, Path directory, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/mvn").toString(),
                "-o",
                "-B",
                "-gs",
                settings(work).toString(),
                "-Daether.offline.protocols=file",
                "-Dstyle.color=never",
                "-Dmaven.repo.local=" + Path.of("target/it-repository").toAbsolutePath()));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("it."))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    /** The outer build's repository is read only: it is no place for snapshots of a test. */
    private static Path settings(Path work) throws IOException {
        String repository = "<id>outer</id><url>" + Path.of(outer("repository")).toUri() + "</url>"
                + "<releases><checksumPolicy>ignore</checksumPolicy></releases><snapshots><enabled>false</enabled></snapshots>";
        return Files.writeString(
                work.resolve("settings.xml"),
                "<settings><profiles><profile><id>outer</id><repositories><repository>" + repository
                        + "</repository></repositories><pluginRepositories><pluginRepository>" + repository
                        + "</pluginRepository></pluginRepositories></profile></profiles>"
                        + "<activeProfiles><activeProfile>outer</activeProfile></activeProfiles></settings>");
    }
}
