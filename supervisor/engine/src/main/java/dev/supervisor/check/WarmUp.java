package dev.supervisor.check;

import dev.supervisor.Checks;
import dev.supervisor.SocketSpec;
import dev.supervisor.socket.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Has a generation answer requests of the supervisor's own until its rate is steady, so that its code is compiled when the first
 * client comes. Blocks; called on the build thread.
 */
public final class WarmUp {

    /**
     * @param requests how many were answered
     * @param failures how many were answered by a status of 5xx, or not at all
     * @param steady whether the rate has become steady
     */
    public record Result(long requests, long failures, boolean steady, Duration took) {}

    private static final Duration SLICE = Duration.ofMillis(50);

    /**
     * Fewer requests are never enough, whatever the rate: HotSpot's second compiler begins with a method when it has been called
     * 5,000 to 15,000 times, and on a busy machine a rate may stand still before.
     */
    private static final long ENOUGH = 20_000;

    /** The clients share the processors with the generation that serves. */
    private static final int CLIENTS = Math.min(8, 2 * Runtime.getRuntime().availableProcessors());

    /** How long the answers under way may take when it ends, and then the application to close the connections. */
    private static final long ENDS_WITHIN_MILLIS = 500;

    private final Checks checks;
    private final List<SocketSpec> sockets;

    /** @param sockets of the supervisor */
    public WarmUp(Checks checks, List<SocketSpec> sockets) {
        this.checks = checks;
        this.sockets = List.copyOf(sockets);
    }

    /** Returns whether there is something to ask. */
    public boolean isWanted() {
        return !checks.warmUp().isEmpty();
    }

    /**
     * @param servers returns the generation's server of the socket of this name
     * @param isOver whether it does not matter any more; asked again and again
     */
    public Result run(Function<String, Optional<Server>> servers, BooleanSupplier isOver) throws InterruptedException {
        long begun = System.nanoTime();
        long deadline = begun + checks.warmUpTime().toNanos();
        LongAdder answers = new LongAdder();
        LongAdder failures = new LongAdder();
        SteadyRate rate = new SteadyRate();
        boolean steady = false;
        try (PrivateClient client = new PrivateClient()) {
            List<WarmUpClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                WarmUpClient one = new WarmUpClient(client, targets(servers), i, answers, failures);
                clients.add(one);
                client.loop().execute(one::begin);
            }
            long before = 0;
            while (!steady && System.nanoTime() < deadline && !isOver.getAsBoolean()) {
                Thread.sleep(SLICE.toMillis());
                long now = answers.sum();
                steady = rate.next(now - before) && now >= ENOUGH;
                before = now;
            }
            clients.forEach(one -> client.loop().execute(one::end));
            client.awaitEnds(ENDS_WITHIN_MILLIS);
        }
        return new Result(answers.sum(), failures.sum(), steady, Duration.ofNanos(System.nanoTime() - begun));
    }

    private List<WarmUpClient.Target> targets(Function<String, Optional<Server>> servers) {
        List<WarmUpClient.Target> targets = new ArrayList<>();
        for (Checks.Request request : checks.warmUp()) {
            servers.apply(request.socketName(sockets))
                    .ifPresent(server -> targets.add(new WarmUpClient.Target(server, request)));
        }
        return targets;
    }
}
