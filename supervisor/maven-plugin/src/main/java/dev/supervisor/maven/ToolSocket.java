package dev.supervisor.maven;

import dev.supervisor.compile.Delegate;
import dev.supervisor.compile.DelegateServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Where the supervisor asks its questions. */
final class ToolSocket implements AutoCloseable {

    private final SocketDirectory directory;
    private final DelegateServer server;

    private ToolSocket(SocketDirectory directory, DelegateServer server) {
        this.directory = directory;
        this.server = server;
    }

    static ToolSocket open(Delegate delegate) throws IOException {
        SocketDirectory directory = SocketDirectory.create();
        try {
            return new ToolSocket(directory, DelegateServer.open(directory.socket(), delegate));
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    Path path() {
        return directory.socket();
    }

    /** May be called more than once, and by any thread. */
    @Override
    public void close() {
        try {
            server.close();
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException("can't delete " + directory.socket(), e);
        }
    }
}
