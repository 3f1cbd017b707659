package dev.supervisor.socket.netty;

import io.netty.channel.ChannelPipeline;

/** Puts a handler of the supervisor's into the pipelines of a generation's HTTP connections. */
@FunctionalInterface
public interface PipelineCustomizer {

    /** Nothing is put there. */
    static PipelineCustomizer none() {
        return pipeline -> true;
    }

    /**
     * Asked before each read of a connection until it is done with it, on the connection's event loop: a codec may come
     * into a pipeline only after something has been read.
     *
     * @return whether it is
     */
    boolean customize(ChannelPipeline pipeline);
}
