package ${package};

import dev.supervisor.spi.Application;
import dev.supervisor.spi.ApplicationContext;
import dev.supervisor.spi.Standalone;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;

/** An HTTP server. The supervisor finds it by META-INF/services; without the supervisor it runs by its main. */
public class HelloServer implements Application {

    private static final int MAX_REQUEST_BYTES = 65_536;

    public static void main(String[] args) {
        Standalone.run(new HelloServer(), args);
    }

    @Override
    public void start(ApplicationContext context) {
        context.listener().serve(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(
                                new HttpServerCodec(),
                                new HttpServerKeepAliveHandler(),
                                new HttpObjectAggregator(MAX_REQUEST_BYTES),
                                new HelloHandler());
            }
        });
    }
}
