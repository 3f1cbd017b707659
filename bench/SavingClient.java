package bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks on a keep-alive connection until the answer is the new one. */
final class SavingClient {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest request;
    private int formerAnswers;

    SavingClient(String url) {
        request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(Patience.SECONDS))
                .build();
    }

    /** Returns when it was there, in nanoseconds. */
    long awaitAnswer(String text) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        while (true) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            long now = System.nanoTime();
            if (answer.statusCode() == 200 && answer.body().equals(text)) {
                return now;
            }
            if (answer.statusCode() != 200
                    || now - begun > Duration.ofSeconds(Patience.SECONDS).toNanos()) {
                throw new IllegalStateException("not '" + text + "' but: " + answer.statusCode() + " " + answer.body());
            }
            formerAnswers++;
        }
    }

    /** How many came from the former build, since the save had not been seen yet. */
    int formerAnswers() {
        return formerAnswers;
    }

    void forgetFormerAnswers() {
        formerAnswers = 0;
    }
}
