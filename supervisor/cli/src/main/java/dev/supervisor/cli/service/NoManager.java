package dev.supervisor.cli.service;

import dev.supervisor.Event;
import dev.supervisor.InheritedSocket;
import dev.supervisor.socket.BoundSocket;
import java.io.FileDescriptor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** There is no service manager. */
final class NoManager implements ServiceManager {

    @Override
    public void accept(String application, Event event) {}

    @Override
    public void notStarted(String application) {}

    @Override
    public void discard(List<InheritedSocket> kept) {
        kept.forEach(socket -> BoundSocket.close(socket.descriptor()));
    }

    @Override
    public void watch(Supplier<? extends CompletableFuture<?>> responder) {}

    @Override
    public void keep(Supplier<Map<String, FileDescriptor>> sockets) {}

    @Override
    public void replacedBy(long process) {}

    @Override
    public void close() {}
}
