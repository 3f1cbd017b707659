package dev.supervisor.compile;

import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Asks a {@link DelegateServer} in another process. */
public final class DelegateClient implements Delegate {

    private final Path socket;

    public DelegateClient(Path socket) {
        this.socket = socket;
    }

    @Override
    public Answer resolve() throws IOException {
        return ask(new DelegateServer.Question(null, null));
    }

    @Override
    public Answer prepare(String module) throws IOException {
        return ask(new DelegateServer.Question(module, null));
    }

    @Override
    public Answer execute(String module) throws IOException {
        return ask(new DelegateServer.Question(null, module));
    }

    private Answer ask(DelegateServer.Question question) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            Writer out = Channels.newWriter(channel, StandardCharsets.UTF_8);
            out.write(DelegateServer.GSON.toJson(question) + "\n");
            out.flush();
            String line = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8)).readLine();
            return parse(line);
        }
    }

    private static Answer parse(@Nullable String line) throws IOException {
        if (line == null) {
            throw new IOException("the build tool has ended");
        }
        try {
            return DelegateServer.GSON.fromJson(line, Answer.class);
        } catch (JsonParseException e) {
            throw new IOException("the build tool's answer can't be read: " + e.getMessage(), e);
        }
    }
}
