package dev.supervisor.socket.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.SocketSpec;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Listeners;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PerEventLoopTest {

    private static final int CLIENTS = 5;

    private final EventLoopGroup accept = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ListeningSocket listener = Listeners.bind(SocketSpec.http(0), accept.next());
    private final Connections connections = new Connections(server -> {});
    private final BlockingQueue<Channel> busy = new LinkedBlockingQueue<>();
    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void end() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        listener.close();
        for (EventLoopGroup loops : List.of(loop, accept)) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /** Answers nothing. */
    private void serve() {
        SupervisedServerChannel server = connections.open(listener);
        new ServerBootstrap()
                .group(loop)
                .channelFactory(() -> server)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(1000),
                                        new ChannelInboundHandlerAdapter() {
                                            @Override
                                            public void channelRead(ChannelHandlerContext context, Object request) {
                                                ReferenceCountUtil.release(request);
                                                busy.add(context.channel());
                                            }
                                        });
                    }
                })
                .bind(listener.address())
                .syncUninterruptibly();
        listener.gate().open(server).join();
    }

    private void request(int client) throws IOException {
        clients.get(client).getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
    }

    @Test
    void thoseOnWhichARequestWaitsAreAskedFirst() throws Exception {
        serve();
        List<OwnedConnection> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Listeners.connect(listener));
            request(i);
            all.add(((ConnectionChannel) busy.take()).owned());
        }
        connections.hold();
        request(CLIENTS / 2); // behind one that is not answered yet, so it waits
        OwnedConnection waiting = all.get(CLIENTS / 2);
        Await.until("the request has come", () -> connections.held().count() == 1);
        for (int turn = 0; turn < CLIENTS; turn++) {
            List<OwnedConnection> asked = new ArrayList<>();
            PerEventLoop.run(all, asked::add).join();
            assertEquals(waiting, asked.get(0), "when it is " + all.indexOf(waiting) + " of them");
            assertEquals(CLIENTS, asked.size());
            Collections.rotate(all, 1);
        }
    }
}
