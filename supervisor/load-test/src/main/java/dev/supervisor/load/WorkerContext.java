package dev.supervisor.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The objects that all workers share.
 *
 * @param request the bytes of the request
 * @param lastRequest the bytes of a request whose connection ends with its answer
 */
record WorkerContext(Load load, Expectation expectation, Versions versions, ByteBuf request, ByteBuf lastRequest) {

    static WorkerContext of(Request request, Load load, Expectation expectation, Versions versions) {
        return new WorkerContext(
                load, expectation, versions, unreleasable(request, false), unreleasable(request, true));
    }

    void release() {
        request.unwrap().release();
        lastRequest.unwrap().release();
    }

    private static ByteBuf unreleasable(Request request, boolean last) {
        return Unpooled.unreleasableBuffer(request.encode(last));
    }
}
