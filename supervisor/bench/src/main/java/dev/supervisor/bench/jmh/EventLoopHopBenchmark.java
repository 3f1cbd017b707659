package dev.supervisor.bench.jmh;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Measures one hop of a task from an event loop to another one, which waits in its selector. Each accept would cost
 * that much more if the server channel had an event loop of the generation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EventLoopHopBenchmark {

    private static final int HOPS = 1000;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final EventLoop first = loops.next();
    private final EventLoop second = loops.next();

    @TearDown
    public void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Benchmark
    @OperationsPerInvocation(HOPS)
    public void hop() throws InterruptedException {
        CountDownLatch arrived = new CountDownLatch(1);
        hop(first, second, HOPS, arrived);
        arrived.await();
    }

    private static void hop(EventLoop next, EventLoop other, int hops, CountDownLatch arrived) {
        next.execute(() -> {
            if (hops == 1) {
                arrived.countDown();
            } else {
                hop(other, next, hops - 1, arrived);
            }
        });
    }
}
