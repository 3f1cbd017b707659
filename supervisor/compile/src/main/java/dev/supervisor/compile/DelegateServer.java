package dev.supervisor.compile;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets other processes of the same user ask a {@link Delegate}, at a Unix socket: one question for each connection, and a line
 * of JSON each way. Answers one question after the other, on its own thread.
 */
public final class DelegateServer implements AutoCloseable {

    /**
     * What is asked: to resolve the project anew, if it is about no module.
     *
     * @param prepare the module to prepare; null for none
     * @param execute the module to build; null for none
     */
    record Question(@Nullable String prepare, @Nullable String execute) {}

    private static final Logger LOG = LoggerFactory.getLogger(DelegateServer.class);
    static final Gson GSON = new Gson();

    private final Path socket;
    private final ServerSocketChannel server;
    private final Delegate delegate;

    private DelegateServer(Path socket, ServerSocketChannel server, Delegate delegate) {
        this.socket = socket;
        this.server = server;
        this.delegate = delegate;
    }

    /** @param socket in a directory that nobody else can enter */
    public static DelegateServer open(Path socket, Delegate delegate) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        DelegateServer opened = new DelegateServer(socket, server, delegate);
        Thread thread = new Thread(opened::serve, "supervisor-delegate");
        thread.setDaemon(true);
        thread.start();
        return opened;
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                answer(client);
            } catch (ClosedChannelException e) {
                LOG.debug("no more questions", e);
            } catch (IOException e) {
                LOG.debug("a client has left", e);
            }
        }
    }

    private void answer(SocketChannel client) throws IOException {
        BufferedReader in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
        Writer out = Channels.newWriter(client, StandardCharsets.UTF_8);
        out.write(GSON.toJson(answer(in.readLine())) + "\n");
        out.flush();
    }

    private Delegate.Answer answer(@Nullable String line) {
        try {
            Question question = line == null ? null : GSON.fromJson(line, Question.class);
            if (question == null) {
                return new Delegate.Answer(false, List.of("this is no question"));
            }
            if (question.prepare() != null) {
                return delegate.prepare(question.prepare());
            }
            return question.execute() == null ? delegate.resolve() : delegate.execute(question.execute());
        } catch (JsonParseException e) {
            return new Delegate.Answer(false, List.of("this is no question: " + line));
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.debug("the delegate has failed", e);
            return new Delegate.Answer(false, List.of(String.valueOf(e)));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
    }
}
