package dev.supervisor.lending;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Passes everything through to its socket, which it closes in the end. */
class PlainTraffic implements Traffic {

    private final SocketChannel socket;

    /** @param socket connected; does not block from now on */
    PlainTraffic(SocketChannel socket) throws IOException {
        this.socket = socket;
        socket.configureBlocking(false);
    }

    @Override
    public SocketChannel socket() {
        return socket;
    }

    @Override
    public void accepted(Borrowed channel) {}

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        return socket.read(target);
    }

    @Override
    public synchronized int write(ByteBuffer source) throws IOException {
        return socket.write(source);
    }

    @Override
    public synchronized long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return socket.write(sources, offset, length);
    }

    @Override
    public Readiness readable() {
        return Readiness.WITH_SOCKET;
    }

    @Override
    public boolean writesWhenReadable() {
        return false;
    }

    @Override
    public void sendUrgentData(int data) throws IOException {
        socket.socket().sendUrgentData(data);
    }

    @Override
    public int available() throws IOException {
        return socket.socket().getInputStream().available();
    }

    @Override
    public void shutdownInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public boolean takesOptions() {
        return true;
    }

    @Override
    public synchronized boolean closing() {
        return true;
    }

    @Override
    public void finished() {
        try {
            socket.close();
        } catch (IOException e) {
            return; // its descriptor is gone all the same
        }
    }
}
