package dev.supervisor.cli.control;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class ControlServerTest {

    @Test
    void aConnectionTooManyThatIsResetIsClosedWithoutAWord() {
        EmbeddedChannel connection = new EmbeddedChannel(new ControlServer.Full());
        connection.pipeline().fireExceptionCaught(new IOException("Connection reset"));
        connection.checkException(); // throws what no handler has taken
        assertFalse(connection.isOpen());
    }
}
