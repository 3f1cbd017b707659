package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalTest {

    private final List<String> chosen = new ArrayList<>();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new Arrival(pipeline -> chosen.add("http"), pipeline -> chosen.add("webSocket")));

    private void receive(int... bytes) {
        ByteBuf buffer = Unpooled.buffer();
        for (int each : bytes) {
            buffer.writeByte(each);
        }
        channel.writeInbound(buffer);
    }

    private void assertPassedOn(int length) {
        ByteBuf passed = channel.readInbound();
        assertEquals(length, passed.readableBytes());
        passed.release();
        assertNull(channel.pipeline().get(Arrival.class));
    }

    @Test
    void aFrameGoesToTheWebSocket() {
        receive(0x81, 0x80);

        assertEquals(List.of("webSocket"), chosen);
        assertPassedOn(2);
    }

    @Test
    void theRequestThatComesOnceMoreGoesToHttp() {
        receive('G', 'E', 'T');

        assertEquals(List.of("http"), chosen);
        assertPassedOn(3);
    }
}
