package dev.supervisor.frameworks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The application's own client as a process, which calls over one channel and prints each answer, or why there is none. */
final class GrpcTraffic implements Traffic {

    private static final int PAUSE_MILLIS = 10;
    private static final long END_MILLIS = 30_000;

    private final Answers answers = new Answers("gRPC client");
    private final Process process;
    private final Thread reader;
    private volatile boolean ended;

    private GrpcTraffic(Process process) {
        this.process = process;
        reader = new Thread(this::read, "output of the gRPC client");
        reader.setDaemon(true);
    }

    /** @param jar the application as it was built, since nothing replaces it */
    static GrpcTraffic start(Path jar, int port, Path errors) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Deployment.java().toString(),
                        "-cp",
                        jar.toString(),
                        "app.Client",
                        String.valueOf(Integer.MAX_VALUE),
                        String.valueOf(PAUSE_MILLIS))
                .redirectError(errors.toFile());
        builder.environment().put("PORT", String.valueOf(port));
        GrpcTraffic traffic = new GrpcTraffic(builder.start());
        traffic.reader.start();
        return traffic;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null && !ended; line = lines.readLine()) {
                answers.answered(line);
            }
        } catch (IOException e) {
            if (!ended) {
                answers.failed(e.toString());
            }
        }
        if (!ended) {
            answers.failed("the client has ended");
        }
    }

    @Override
    public List<Answers> clients() {
        return List.of(answers);
    }

    @Override
    public void close() {
        ended = true;
        process.destroyForcibly();
        Traffic.join(reader, END_MILLIS);
    }
}
