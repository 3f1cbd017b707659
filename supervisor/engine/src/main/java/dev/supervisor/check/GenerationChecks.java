package dev.supervisor.check;

import dev.supervisor.Checks;
import dev.supervisor.OptionKey;
import dev.supervisor.Problem;
import dev.supervisor.SocketSpec;
import dev.supervisor.socket.Server;
import dev.supervisor.text.VisibleText;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpClientCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a generation that has started whether it may serve. Blocks; called on the build thread. */
public final class GenerationChecks {

    /** What came of it. */
    public sealed interface Verdict {}

    /** It has answered all requests well. */
    public record Passed(Duration took) implements Verdict {}

    public record Failed(Problem problem) implements Verdict {}

    /** It does not matter any more whether it would have. */
    public record GivenUp() implements Verdict {}

    private static final Logger LOG = LoggerFactory.getLogger(GenerationChecks.class);

    private static final Duration LOOKS_APART = Duration.ofMillis(20);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** How long an application may take to close a connection that has ended. */
    private static final long CLOSES_WITHIN_MILLIS = 500;

    /** The most characters of a text of the application in a message. */
    private static final int LONGEST = 200;

    private final Checks checks;
    private final List<SocketSpec> sockets;

    /** @param sockets of the supervisor */
    public GenerationChecks(Checks checks, List<SocketSpec> sockets) {
        this.checks = checks;
        this.sockets = List.copyOf(sockets);
    }

    /** Returns how many requests are checks. */
    public int count() {
        return checks.requests().size();
    }

    /**
     * Asks a generation by each of the requests.
     *
     * @param build the name of the build, for the message
     * @param servers returns the generation's server of the socket of this name
     * @param isOver whether the verdict does not matter any more; asked again and again
     */
    public Verdict check(String build, Function<String, Optional<Server>> servers, BooleanSupplier isOver)
            throws InterruptedException {
        long begun = System.nanoTime();
        try (PrivateClient client = new PrivateClient()) {
            for (Checks.Request request : checks.requests()) {
                Optional<Problem> problem = new Trial(client, request, build, servers, isOver).run();
                if (problem.isPresent() && isOver.getAsBoolean()) {
                    return new GivenUp();
                }
                if (problem.isPresent()) {
                    return new Failed(problem.get());
                }
            }
            client.awaitEnds(CLOSES_WITHIN_MILLIS);
        }
        return new Passed(Duration.ofNanos(System.nanoTime() - begun));
    }

    /** All tries of one request. */
    private final class Trial {

        private final PrivateClient client;
        private final Checks.Request request;
        private final String build;
        private final Function<String, Optional<Server>> servers;
        private final BooleanSupplier isOver;

        Trial(
                PrivateClient client,
                Checks.Request request,
                String build,
                Function<String, Optional<Server>> servers,
                BooleanSupplier isOver) {
            this.client = client;
            this.request = request;
            this.build = build;
            this.servers = servers;
            this.isOver = isOver;
        }

        /** Returns why the last try was not answered well; empty if one was. */
        Optional<Problem> run() throws InterruptedException {
            Answer answer = new Answer.None("was not asked", "");
            for (int tried = 0; tried < checks.tries() && !isOver.getAsBoolean(); tried++) {
                if (tried > 0) {
                    pause();
                }
                answer = ask();
                if (answer instanceof Answer.Response response && request.isGood(response.status())) {
                    return Optional.empty();
                }
            }
            return Optional.of(problem(answer));
        }

        private void pause() throws InterruptedException {
            long end = System.nanoTime() + PAUSE.toNanos();
            while (System.nanoTime() < end && !isOver.getAsBoolean()) {
                Thread.sleep(LOOKS_APART.toMillis());
            }
        }

        private Answer ask() throws InterruptedException {
            long deadline = System.nanoTime() + checks.timeout().toNanos();
            String name = request.socketName(sockets);
            Optional<Server> server = servers.apply(name);
            while (server.isEmpty() && System.nanoTime() < deadline && !isOver.getAsBoolean()) {
                Thread.sleep(LOOKS_APART.toMillis()); // it may bind the socket after its start
                server = servers.apply(name);
            }
            if (server.isEmpty()) {
                return new Answer.None("does not serve the socket '" + name + "'", "");
            }
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            ProbeHandler handler = new ProbeHandler(request, answer);
            try {
                Channel channel =
                        client.connect(server.get(), List.of(handler.first(), new HttpClientCodec(), handler));
                try {
                    return await(answer, handler, deadline);
                } finally {
                    channel.close().awaitUninterruptibly();
                }
            } catch (IOException e) {
                return new Answer.None("can't be asked: " + e, "");
            }
        }

        private Answer await(CompletableFuture<Answer> answer, ProbeHandler handler, long deadline)
                throws InterruptedException {
            while (!answer.isDone() && System.nanoTime() < deadline && !isOver.getAsBoolean()) {
                try {
                    answer.get(LOOKS_APART.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    LOG.trace("no answer yet", e); // the supervisor may stop, or the build may change
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e);
                }
            }
            client.loop().execute(() -> handler.timedOut(checks.timeout().toMillis() + " ms"));
            return answer.join();
        }

        private Problem problem(Answer answer) {
            String tries = checks.tries() == 1 ? "" : ", at the last of " + checks.tries() + " tries";
            String failed = build + " has not passed " + OptionKey.CHECK + " '" + request.text() + "': ";
            if (answer instanceof Answer.Response response) {
                return new Problem(
                        failed + "it answered " + response.status() + shown(" ", response.reason(), "") + tries
                                + " (expected " + request.expected() + ")",
                        remarks("the body begins with ", response.body()));
            }
            Answer.None none = (Answer.None) answer;
            return new Problem(
                    failed + "it " + VisibleText.of(none.why()) + tries,
                    remarks("what came begins with ", none.begin()));
        }

        private List<Problem.Cause> remarks(String before, String text) {
            String shown = shown(before + "'", text, "'");
            return shown.isEmpty() ? List.of() : List.of(Problem.Cause.remark(shown, List.of()));
        }
    }

    /** Returns a text of the application in one line that is safe to show, or nothing if it is empty. */
    private static String shown(String before, String text, String after) {
        String line = VisibleText.of(text).strip().replaceAll("\\s+", " ");
        String cut = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
        return cut.isEmpty() ? "" : before + cut + after;
    }
}
