package dev.supervisor.testing;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** A socket that sends what is written meanwhile at once, when it is told to. Its direction to the peer ends with the socket only. */
public final class HeldSocket extends Socket {

    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean holds;

    /** From now on, nothing is sent. */
    public void hold() {
        holds = true;
    }

    /** Sends what was written, and goes on without holding. */
    public void release() throws IOException {
        holds = false;
        held.writeTo(super.getOutputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                (holds ? held : out).write(bytes, offset, length);
            }
        };
    }

    @Override
    public void shutdownOutput() {}
}
