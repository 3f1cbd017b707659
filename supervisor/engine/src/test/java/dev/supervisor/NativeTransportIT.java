package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.failure.PlainText;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import io.netty.channel.epoll.Epoll;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications that bring event loops which are not NIO's. */
@Timeout(120)
class NativeTransportIT {

    private static final String APPLICATION = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.bootstrap.ServerBootstrap;
            import io.netty.channel.*;
            import io.netty.channel.epoll.*;
            import io.netty.channel.kqueue.*;
            import io.netty.channel.nio.*;
            import io.netty.channel.uring.*;
            import io.netty.handler.codec.http.*;

            public class OwnLoops implements Application {
                private EventLoopGroup boss;
                private EventLoopGroup worker;

                public void start(ApplicationContext context) throws Exception {
                    boss = %s;
                    worker = %s;
                    new ServerBootstrap()
                            .group(boss, worker)
                            .channelFactory(context.listener()::open)
                            .childHandler(new ChannelInitializer<Channel>() {
                                protected void initChannel(Channel channel) {
                                    channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1000),
                                            new HttpApp.Handler(worker.getClass().getSimpleName()));
                                }
                            })
                            .bind(0)
                            .sync();
                }

                public void close() {
                    boss.shutdownGracefully();
                    worker.shutdownGracefully();
                }
            }
            """;

    private static final String EPOLL = "new EpollEventLoopGroup(1)";
    private static final String NIO = "new NioEventLoopGroup(1)";

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private void build(String boss, String worker) throws Exception {
        TestBuild.of(Apps.HTTP, APPLICATION.formatted(boss, worker))
                .withProvider("app.OwnLoops")
                .moveTo(jar());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Epoll.isAvailable() ? new EpollEventLoopGroup(1) : new NioEventLoopGroup(1)",
                "new MultiThreadIoEventLoopGroup(1, IoUring.isAvailable() ? IoUringIoHandler.newFactory()"
                        + " : KQueue.isAvailable() ? KQueueIoHandler.newFactory()"
                        + " : Epoll.unavailabilityCause() == null ? EpollIoHandler.newFactory()"
                        + " : NioIoHandler.newFactory())"
            })
    void theUsualChoiceAmongTransportsIsNio(String choice) throws Exception {
        build(choice, choice);
        try (Running running = Running.http(jar())) {
            assertTrue(Client.get(running.address(), "/").body().endsWith("EventLoopGroup n=1"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new EpollEventLoopGroup(1)",
                "new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory())",
                "new DefaultEventLoopGroup(1)"
            })
    void theStartFailsIfWorkersAreNotNio(String worker) throws Exception {
        assumeTrue(Epoll.isAvailable());
        build(NIO, worker);
        try (Running running = Running.http(jar())) {
            String failure = PlainText.of(running.await(Event.Failed.class).problem());
            assertTrue(failure.contains("listener 'http' can't be served on the event loops of "), failure);
            assertTrue(failure.contains("NioIoHandler.newFactory()"), failure);
            assertEquals(503, Client.get(running.address(), "/").status());
        }
    }

    @Test
    void theLoopOfTheServerChannelMayBeNative() throws Exception {
        assumeTrue(Epoll.isAvailable());
        build(EPOLL, NIO);
        try (Running running = Running.http(jar())) {
            assertEquals(
                    "NioEventLoopGroup n=1", Client.get(running.address(), "/").body());
        }
    }
}
