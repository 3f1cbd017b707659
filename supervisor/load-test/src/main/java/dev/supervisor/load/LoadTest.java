package dev.supervisor.load;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to a target all the time while it is reloaded, and reports what clients met.
 *
 * <p>First one request is sent, to check that the target is there and answers as expected; then the clients warm up, so
 * that a cold JVM on this side is not taken for a slow target; then everything counts.
 */
public final class LoadTest {

    private static final long PATIENCE_WHEN_STOPPED = TimeUnit.SECONDS.toNanos(1);

    /**
     * How long the test waits at its end for requests that were due in the last moment; a target that keeps up needs no
     * more.
     */
    private static final long PATIENCE_WITH_OVERDUE = TimeUnit.SECONDS.toNanos(1);

    /** How long the test waits for its own threads: much longer than their work for a million connections takes. */
    private static final long PATIENCE_WITH_ITSELF = TimeUnit.MINUTES.toNanos(1);

    private final Request request;
    private final Load load;
    private final Expectation expectation;
    private final TestDuration span;
    private final Optional<ReloadPlan> plan;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Versions versions = new Versions(this::sawVersion);
    private volatile @Nullable Reloads reloads;

    /** Receives the test's progress, from one thread at a time. */
    public interface Observer {

        /** Called when the target has answered as expected, before the test begins. */
        void started();

        /** Called each second. */
        void progress(LoadProgress progress);
    }

    public LoadTest(Request request, Load load, Expectation expectation, TestDuration span, Optional<ReloadPlan> plan) {
        this.request = request;
        this.load = load;
        this.expectation = expectation;
        this.span = span;
        this.plan = plan;
    }

    /** Ends the test early. May be called from any thread. */
    public void stop() {
        stop.countDown();
    }

    /**
     * Runs the test. Must be called once only.
     *
     * @throws LoadTestException if the target can't be reached, or does not answer the first request as expected
     */
    public LoadResult run(Observer observer) throws InterruptedException {
        Request reached = request.at(findAddress());
        observer.started();
        WorkerContext shared = WorkerContext.of(reached, load, expectation, versions);
        try (Workers workers = new Workers(reached, shared, this::pace, PATIENCE_WITH_ITSELF)) {
            workers.start();
            if (!span.warmUp().isZero()) { // otherwise the very first requests count
                stop.await(span.warmUp().toNanos(), TimeUnit.NANOSECONDS);
                workers.restart();
            }
            return measure(reached, workers, observer);
        }
    }

    /** Returns the pace of a worker. The requests of the workers are due in turn. */
    private Pace pace(int worker) {
        if (load.rate().isEmpty()) {
            return Pace.asFastAsAnswered();
        }
        double rate = load.rate().getAsDouble();
        return Pace.atRate(rate / load.threads(), Math.round(worker * TimeUnit.SECONDS.toNanos(1) / rate));
    }

    /** Returns the first address with an answer; a name may have several, such as {@code ::1} and {@code 127.0.0.1}. */
    private InetSocketAddress findAddress() throws InterruptedException {
        List<String> refusals = new ArrayList<>();
        for (InetSocketAddress address : request.target().addresses()) {
            Optional<String> refusal = tryOnce(request.at(address));
            if (refusal.isEmpty()) {
                return address;
            }
            refusals.add(
                    request.target().addresses().size() == 1
                            ? refusal.get()
                            : NetUtil.toAddressString(address.getAddress()) + ": " + refusal.get());
        }
        throw cantTest(String.join("; ", refusals));
    }

    /**
     * Sends one request.
     *
     * @return why it could not be sent; empty if it was answered
     * @throws LoadTestException if it was not answered as expected
     */
    private Optional<String> tryOnce(Request one) throws InterruptedException {
        Load once = new Load(1, load.mode(), 1, load.rate(), 1, load.timeout());
        WorkerContext shared = WorkerContext.of(one, once, expectation, versions);
        try (Workers workers = new Workers(one, shared, worker -> Pace.once(), PATIENCE_WITH_ITSELF)) {
            workers.start();
            if (!workers.awaitFirst(stop, 2 * load.timeout().toNanos() + PATIENCE_WITH_ITSELF)) {
                throw cantTest("the request has neither been answered nor failed (an error of the load test: please"
                        + " report it)");
            }
            Optional<String> failure = workers.failures().get(0).first().entrySet().stream()
                    .map(first -> explain(first.getKey(), first.getValue().detail()))
                    .findFirst();
            if (failure.isPresent() && workers.counts().opened() > 0) {
                throw cantTest(failure.get());
            }
            return failure;
        }
    }

    private LoadTestException cantTest(String why) {
        return new LoadTestException("can't load-test " + request.target().url() + ": " + why);
    }

    private String explain(RequestFailure kind, String detail) {
        return switch (kind) {
            case REFUSED -> "nobody listens there (is it running?)";
            case TIMED_OUT, UNFINISHED ->
                detail + " (the timeout is " + load.timeout().toMillis() + "ms)";
            case BAD_STATUS -> "it answers with " + detail + " (another status can be expected)";
            case BAD_BODY -> "its answer has not the expected body or version; " + detail;
            case MALFORMED -> "what answers there does not speak HTTP/1.1: " + detail;
            default -> detail;
        };
    }

    private LoadResult measure(Request reached, Workers workers, Observer observer) throws InterruptedException {
        Instant startedAt = Instant.now();
        long start = System.nanoTime();
        Reloads driver = new Reloads(plan, versions, expectation.version().isPresent(), workers::takeWindow);
        reloads = driver;
        driver.start();
        Measurement measurement = new Measurement(workers, start);
        boolean interrupted = sampleToTheEnd(measurement, driver, start, observer);
        driver.stop();
        workers.finish(PATIENCE_WITH_OVERDUE);
        long asked = System.nanoTime();
        long unsent = workers.stop();
        workers.awaitAnswers(
                interrupted ? PATIENCE_WHEN_STOPPED : 2 * load.timeout().toNanos());
        workers.giveUp(PATIENCE_WITH_ITSELF);
        measurement.sample();
        driver.closeWindow();
        return new Summary(reached, load, workers, measurement, driver, start)
                .result(startedAt, asked, interrupted, unsent);
    }

    /** Samples until the time is over and the last reload has been seen. Returns true if stopped before that. */
    private boolean sampleToTheEnd(Measurement measurement, Reloads driver, long start, Observer observer)
            throws InterruptedException {
        long end = start + span.duration().toNanos();
        long next = start;
        while (true) {
            next = Math.max(next + span.sample().toNanos(), System.nanoTime());
            if (System.nanoTime() - end < 0) {
                next = Math.min(next, end);
            } else {
                driver.finish();
                if (!driver.isUnderWay()) {
                    return false;
                }
            }
            if (stop.await(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return true;
            }
            measurement.sample();
            measurement.takeProgress(driver.count()).ifPresent(observer::progress);
        }
    }

    private void sawVersion(long version) {
        Reloads driver = reloads;
        if (driver != null) {
            driver.seen(version);
        }
    }
}
