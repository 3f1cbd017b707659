package dev.supervisor.load;

import dev.supervisor.load.Findings.Counts;
import dev.supervisor.load.Findings.Stall;
import dev.supervisor.load.Findings.Window;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/** All workers together. Used by threads other than the workers' event loops. */
final class Workers implements AutoCloseable {

    /** The largest head of an answer, in bytes, as clients usually limit it; a longer one counts as unfinished. */
    private static final int MOST_OF_HEAD = 1 << 16;

    private final Transport transport;
    private final long patience;
    private final Request request;
    private final WorkerContext shared;
    private final List<Worker> workers = new ArrayList<>();
    private final Histogram interval = Latencies.histogram();

    /**
     * @param pace returns the pace of a worker, by its index
     * @param patience the longest time in which an event loop must answer, in nanoseconds
     */
    Workers(Request request, WorkerContext shared, IntFunction<Pace> pace, long patience) {
        this.request = request;
        this.patience = patience;
        this.shared = shared;
        Load load = shared.load();
        transport = new Transport(load.threads());
        for (int i = 0; i < load.threads(); i++) {
            EventLoop loop = transport.loops().get(i);
            workers.add(new Worker(loop, shared, pace.apply(i), connector(loop)));
        }
        for (int i = 0; i < load.connections(); i++) {
            workers.get(i % load.threads()).add(load.closesAfterAnswer(i));
        }
    }

    /**
     * Returns a connector that works without a bootstrap, which costs more than the connection when each request has
     * one of its own.
     */
    private Consumer<ClientConnection> connector(EventLoop loop) {
        ChannelFutureListener onConnected = connecting -> {
            if (!connecting.isSuccess()) {
                connecting.channel().pipeline().get(ClientConnection.class).connectingFailed(connecting.cause());
            }
        };
        return connection -> {
            Channel channel = transport.channel();
            channel.pipeline().addLast(decoder(), connection);
            loop.register(channel).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            channel.connect(request.target().address()).addListener(onConnected);
        };
    }

    private HttpResponseDecoder decoder() {
        boolean isHead = request.isHead();
        HttpDecoderConfig limits = new HttpDecoderConfig()
                .setValidateHeaders(false)
                .setMaxInitialLineLength(MOST_OF_HEAD)
                .setMaxHeaderSize(MOST_OF_HEAD);
        return new HttpResponseDecoder(limits) {
            @Override
            protected boolean isContentAlwaysEmpty(HttpMessage message) {
                return isHead || super.isContentAlwaysEmpty(message);
            }
        };
    }

    /**
     * Waits until the first request has been answered or has failed, or the latch opens.
     *
     * @param nanos the longest wait, in nanoseconds
     * @return false if nothing of that has happened in this time
     */
    boolean awaitFirst(CountDownLatch stop, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (counts().requests() == 0 || underWay() > 0) {
            if (stop.await(1, TimeUnit.MILLISECONDS)) {
                return true;
            }
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
        }
        return true;
    }

    void start() {
        workers.forEach(Worker::start);
    }

    /** Restarts the counts from zero. */
    void restart() {
        all(Worker::restart);
    }

    /**
     * Ends the schedule, and waits until the due requests are sent.
     *
     * @param nanos the longest wait, in nanoseconds
     */
    void finish(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (sum(all(Worker::finish)) > 0 && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static long sum(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).sum();
    }

    /** Sends no more requests; returns the number of due requests that have not been sent. */
    long stop() {
        return sum(all(Worker::stop));
    }

    /**
     * Waits until all requests are answered or have failed.
     *
     * @param nanos the longest wait, in nanoseconds
     */
    void awaitAnswers(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (underWay() > 0 && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /**
     * Gives up the requests under way, which count as unanswered, and waits for their ends.
     *
     * @param nanos the longest wait, in nanoseconds; requests that have no end then count as failed
     */
    void giveUp(long nanos) throws InterruptedException {
        all(Worker::close);
        awaitAnswers(nanos);
        workers.forEach(worker -> worker.findings().lost());
    }

    int underWay() {
        return workers.stream().mapToInt(worker -> worker.findings().underWay()).sum();
    }

    /** Returns the events since the last call. */
    Window takeWindow() {
        List<Window> windows = all(Worker::mark);
        return new Window(
                windows.stream().mapToLong(Window::longestWait).max().orElseThrow(),
                windows.stream().mapToLong(Window::failures).sum());
    }

    /** Adds the latencies since the last call to a histogram. Must be called by one thread only. */
    void takeLatencies(Histogram to) {
        for (Worker worker : workers) {
            worker.findings().latencies().getIntervalHistogramInto(interval);
            to.add(interval);
        }
    }

    long failed() {
        return workers.stream()
                .mapToLong(worker -> worker.findings().failures().total())
                .sum();
    }

    List<Failures> failures() {
        return workers.stream().map(worker -> worker.findings().failures()).toList();
    }

    Counts counts() {
        return all(Worker::counts).stream()
                .reduce((one, other) -> new Counts(
                        one.requests() + other.requests(),
                        one.unanswered() + other.unanswered(),
                        one.opened() + other.opened(),
                        one.closedByPeer() + other.closedByPeer(),
                        Stall.longest(one.stall(), other.stall())))
                .orElseThrow();
    }

    /**
     * Calls all workers, and then waits for all their results.
     *
     * @throws LoadTestException if an event loop is stuck
     */
    private <T> List<T> all(Function<Worker, Future<? extends T>> question) {
        List<Future<? extends T>> answers = new ArrayList<>();
        workers.forEach(worker -> answers.add(question.apply(worker)));
        List<T> results = new ArrayList<>();
        long deadline = System.nanoTime() + patience;
        for (Future<? extends T> answer : answers) {
            if (!answer.awaitUninterruptibly(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new LoadTestException(
                        "a thread of the load test is stuck: an expression takes very long on a body,"
                                + " mostly (use a simpler --expect-body or --version-regex)");
            }
            results.add(answer.syncUninterruptibly().getNow());
        }
        return results;
    }

    @Override
    public void close() {
        if (transport.close()) { // a stuck loop may still use the requests, and keeps them
            shared.release();
        }
    }
}
