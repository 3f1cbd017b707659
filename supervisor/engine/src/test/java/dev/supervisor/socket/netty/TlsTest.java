package dev.supervisor.socket.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TlsTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    /** Defines Netty's TLS anew, as the class loader of an application with {@code netty-tcnative} does. */
    private static final class Applications extends ClassLoader {

        Applications() {
            super(SslHandler.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(SslHandler.class.getPackageName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? defineAnew(name) : loaded;
        }

        private Class<?> defineAnew(String name) throws ClassNotFoundException {
            try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = Objects.requireNonNull(file).readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static SSLEngine engine() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(false);
        return engine;
    }

    private static ChannelHandler applications() throws Exception {
        Class<?> type = new Applications().loadClass(SslHandler.class.getName());
        assertNotSame(SslHandler.class, type);
        return (ChannelHandler) type.getConstructor(SSLEngine.class).newInstance(engine());
    }

    @Test
    void aPipelineWithoutTlsHasNothingToClose() {
        channel.pipeline().addLast(new ChannelHandlerAdapter() {});
        assertFalse(Tls.isIn(channel.pipeline()));
        assertTrue(Tls.close(channel.pipeline()).isSuccess());
    }

    private void closes(ChannelHandler handler) {
        channel.pipeline().addLast(handler);
        assertTrue(Tls.isIn(channel.pipeline()));
        assertEquals(null, ProtocolClose.say(channel).cause());
        channel.runPendingTasks();
        assertTrue(((SSLEngine) engineOf(handler)).isOutboundDone());
    }

    private static Object engineOf(ChannelHandler handler) {
        try {
            return handler.getClass().getMethod("engine").invoke(handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theSupervisorsHandlerSaysThatItCloses() throws Exception {
        closes(new SslHandler(engine()));
    }

    @Test
    void soDoesOneThatAnApplicationHasOfItsOwn() throws Exception {
        closes(applications());
    }
}
