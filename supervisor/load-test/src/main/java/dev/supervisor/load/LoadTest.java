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
 * Asks a target all the time while it is reloaded, and tells what clients met.
 *
 * <p>First one request is sent, to see that the target is there and answers as expected; then the clients warm up, so that
 * a cold JVM on this side is not taken for a slow target; then all counts.
 */
public final class LoadTest {

    private static final long PATIENCE_WHEN_STOPPED = TimeUnit.SECONDS.toNanos(1);

    /** At the end, with requests that were due in the last moment; a target that keeps up needs no more. */
    private static final long PATIENCE_WITH_OVERDUE = TimeUnit.SECONDS.toNanos(1);

    private final Request request;
    private final Load load;
    private final Expectation expectation;
    private final TestDuration span;
    private final Optional<ReloadPlan> plan;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Versions versions = new Versions(this::sawVersion);
    private volatile @Nullable Reloads reloads;

    /** Is told how it goes, by one thread at a time. */
    public interface Observer {

        /** The target has answered as expected; now it begins. */
        void started();

        /** Each second. */
        void progress(LoadProgress progress);
    }

    public LoadTest(Request request, Load load, Expectation expectation, TestDuration span, Optional<ReloadPlan> plan) {
        this.request = request;
        this.load = load;
        this.expectation = expectation;
        this.span = span;
        this.plan = plan;
    }

    /** Ends it early. For any thread. */
    public void stop() {
        stop.countDown();
    }

    /**
     * Once.
     *
     * @throws LoadTestException if the target can't be reached, or does not answer the first request as expected
     */
    public LoadResult run(Observer observer) throws InterruptedException {
        Request reached = request.at(findAddress());
        observer.started();
        WorkerContext shared = WorkerContext.of(reached, load, expectation, versions);
        try (Workers crew = new Workers(reached, shared, this::pace)) {
            crew.start();
            if (!span.warmUp().isZero()) { // else the very first requests count
                stop.await(span.warmUp().toNanos(), TimeUnit.NANOSECONDS);
                crew.restart();
            }
            return measure(reached, crew, observer);
        }
    }

    /** The workers take turns. */
    private Pace pace(int worker) {
        if (load.rate().isEmpty()) {
            return Pace.asFastAsAnswered();
        }
        double rate = load.rate().getAsDouble();
        return Pace.atRate(rate / load.threads(), Math.round(worker * TimeUnit.SECONDS.toNanos(1) / rate));
    }

    /** The first address at which somebody answers; a name may have several, such as {@code ::1} and {@code 127.0.0.1}. */
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
        try (Workers crew = new Workers(one, shared, worker -> Pace.once())) {
            crew.start();
            crew.awaitFirst(stop);
            Optional<String> failure = crew.failures().get(0).first().entrySet().stream()
                    .map(first -> explain(first.getKey(), first.getValue().detail()))
                    .findFirst();
            if (failure.isPresent() && crew.counts().opened() > 0) {
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

    private LoadResult measure(Request reached, Workers crew, Observer observer) throws InterruptedException {
        Instant startedAt = Instant.now();
        long start = System.nanoTime();
        Reloads driver = new Reloads(plan, versions, expectation.version().isPresent(), crew::takeWindow);
        reloads = driver;
        driver.start();
        Measurement measurement = new Measurement(crew, start);
        boolean interrupted = sampleToTheEnd(measurement, driver, start, observer);
        driver.stop();
        crew.finish(PATIENCE_WITH_OVERDUE);
        long asked = System.nanoTime();
        long unsent = crew.stop();
        crew.awaitAnswers(
                interrupted ? PATIENCE_WHEN_STOPPED : 2 * load.timeout().toNanos());
        crew.giveUp();
        measurement.sample();
        driver.closeWindow();
        return new Summary(reached, load, crew, measurement, driver, start)
                .result(startedAt, asked, interrupted, unsent);
    }

    /** Until the time is over and the last reload has been seen; returns whether it was stopped before that. */
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
