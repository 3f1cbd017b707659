package dev.supervisor.demo;

import dev.supervisor.spi.Application;
import dev.supervisor.spi.ApplicationContext;
import dev.supervisor.spi.Standalone;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * The application that the supervisor starts: one instance for each build, found through {@code
 * META-INF/services/dev.supervisor.spi.Application}.
 *
 * <p>An application does not bind a port. The supervisor lends it a listener, whose socket is open already and stays
 * open when the next build takes over. The application defines the pipeline of each connection; the supervisor does the
 * rest.
 *
 * <p>The application is ready when {@code start} returns, and clients wait until then. So work that the first answer
 * does not need is done later, on a thread of its own. Here that is logging, which takes several times as long to load
 * as the rest of the application.
 *
 * <p>An application that wants a bootstrap of its own, with its own options and handlers, takes the channel instead:
 *
 * <pre>{@code
 * new ServerBootstrap()
 *         .group(context.eventLoopGroup())
 *         .channelFactory(context.listener()::open)
 *         .childOption(ChannelOption.TCP_NODELAY, true)
 *         .childHandler(childHandler)
 *         .bind(0) // any port: the socket is bound already
 *         .sync();
 * }</pre>
 */
public final class DemoApplication implements Application {

    private int generation;

    /** Called by the supervisor. */
    public DemoApplication() {}

    /**
     * Runs it without the supervisor, on 127.0.0.1:8888 or on a socket that the parent process passes. The supervisor
     * does not call this.
     */
    public static void main(String[] args) {
        Standalone.run(new DemoApplication(), args);
    }

    @Override
    public void start(ApplicationContext context) throws IOException {
        generation = context.generation();
        Build build = new Build(generation, BuildTime.read());
        Routes routes = Routes.of(build, context);
        context.listener().serve(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                if (context.stateOf(connection).isPresent()) {
                    LiveSocket socket = new LiveSocket(context, build, connection);
                    connection.pipeline().addLast(new Arrival(pipeline -> http(pipeline, routes), socket::goOn));
                } else {
                    http(connection.pipeline(), routes);
                }
            }
        });
        SocketAddress address = context.listener().address();
        new Thread(() -> Log.LOG.info("generation {} serves {}", generation, address), "demo-log").start();
    }

    private static void http(ChannelPipeline pipeline, Routes routes) {
        pipeline.addLast(new HttpServerCodec(), new FlowControlHandler(), new RequestHandler(routes));
    }

    /** Has nothing to release: channels and event loops were lent, and nothing else was opened. */
    @Override
    public void close() {
        Log.LOG.info("generation {} closed", generation);
    }
}
