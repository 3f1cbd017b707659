package dev.supervisor.frameworks;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.supervisor.testing.Maven;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Builds the applications with the Maven that runs the tests, which may download what they need. */
final class FrameworksBuild {

    private static final long TIMEOUT_MINUTES = 20;
    /** What Maven says of a registry that it doesn't reach, at once or in an attempt before. */
    private static final Pattern NO_NETWORK = Pattern.compile(
            "Could not transfer (artifact|metadata)|failed to transfer from|in offline mode|UnknownHostException");

    private static final Path LOCK = Path.of("target/frameworks-build.lock");
    private static final Path LOG = Path.of("target/frameworks-build.log");

    private FrameworksBuild() {}

    /** Skips the tests, loudly, if there is no network to download from. */
    static void run(List<Framework> frameworks) throws IOException, InterruptedException {
        Maven.assumeThere();
        try (FileChannel file = FileChannel.open(LOCK, CREATE, WRITE);
                FileLock lock = file.lock()) { // other tests, in other processes, build some of the same ones
            assert lock.isValid();
            build(frameworks);
        }
    }

    private static void build(List<Framework> frameworks) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(frameworks))
                .redirectErrorStream(true)
                .redirectOutput(LOG.toFile());
        // of the tests' own JVMs: two collectors, with that of .mvn/jvm.config, which is for projects below it
        builder.environment().remove("MAVEN_OPTS");
        Process maven = builder.start();
        try {
            if (!maven.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                fail("the build of the applications takes longer than " + TIMEOUT_MINUTES + " min: " + LOG);
            }
        } finally {
            maven.descendants().forEach(ProcessHandle::destroyForcibly);
            maven.destroyForcibly();
        }
        if (maven.exitValue() != 0) {
            failed(errors());
        }
    }

    private static void failed(String errors) {
        if (NO_NETWORK.matcher(errors).find()) {
            String missing = "the applications can't be built without network, from which Maven gets their libraries";
            System.err.println("TEST SKIPPED: " + missing);
            abort(missing + ":\n" + errors);
        }
        fail("the applications can't be built:\n" + errors);
    }

    private static String errors() throws IOException {
        String errors = Files.readAllLines(LOG).stream()
                .filter(line -> line.startsWith("[ERROR]"))
                .collect(Collectors.joining("\n"));
        return errors.isEmpty() ? Files.readString(LOG) : errors;
    }

    private static List<String> command(List<Framework> frameworks) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                outer("home") + "/bin/mvn",
                "-B",
                "-Dstyle.color=never",
                "-Dmaven.repo.local=" + outer("repository"),
                // or what was downloaded from another mirror would count as missing
                "-Daether.enhancedLocalRepository.trackingFilename=unknown",
                "-f",
                Deployment.pom().toString(),
                "package"));
        command.add("-pl");
        command.add(frameworks.stream().map(framework -> ":" + framework).collect(Collectors.joining(",")));
        return command;
    }

    private static String outer(String name) {
        return Objects.requireNonNull(System.getProperty("outer.maven." + name));
    }
}
