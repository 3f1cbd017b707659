package dev.supervisor.socket.netty;

import io.netty.channel.ChannelPipeline;

/** Puts a handler of the supervisor's into the pipelines of a generation's HTTP connections. */
@FunctionalInterface
public interface PipelineCustomizer {

    /** Adds nothing. */
    PipelineCustomizer NONE = pipeline -> true;

    /** Returns a customizer that adds nothing. */
    static PipelineCustomizer none() {
        return NONE;
    }

    /**
     * Called on the connection's event loop before each read of a connection, until it returns true: a codec may come
     * into a pipeline only after something has been read.
     *
     * @return whether it is done with this pipeline
     */
    boolean customize(ChannelPipeline pipeline);
}
