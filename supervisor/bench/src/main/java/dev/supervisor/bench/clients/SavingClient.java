package dev.supervisor.bench.clients;

import dev.supervisor.bench.tools.Polling;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Sends requests on a keep-alive connection until the answer is the new one. */
public final class SavingClient {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest request;
    private int formerAnswers;

    public SavingClient(String url) {
        request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(Polling.TIMEOUT_SECONDS))
                .build();
    }

    /** Waits for an answer with this text, and returns when it came, by {@link System#nanoTime}. */
    public long awaitAnswer(String text) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        while (true) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            long now = System.nanoTime();
            if (answer.statusCode() == 200 && answer.body().equals(text)) {
                return now;
            }
            if (answer.statusCode() != 200
                    || now - begun > Duration.ofSeconds(Polling.TIMEOUT_SECONDS).toNanos()) {
                throw new IllegalStateException("not '" + text + "' but: " + answer.statusCode() + " " + answer.body());
            }
            formerAnswers++;
        }
    }

    /** Returns how many answers came from the former build, since the save had not been seen yet. */
    public int formerAnswers() {
        return formerAnswers;
    }

    public void forgetFormerAnswers() {
        formerAnswers = 0;
    }
}
