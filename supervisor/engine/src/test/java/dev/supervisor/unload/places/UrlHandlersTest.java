package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.supervisor.inspect.InternalField;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.ContentHandler;
import java.net.ContentHandlerFactory;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.net.URLStreamHandlerFactory;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class UrlHandlersTest {

    private static final String ME = UrlHandlersTest.class.getName();

    private final UrlHandlers urlHandlers = new UrlHandlers();

    @AfterEach
    void unsetFactories() {
        InternalField.field(URL.class, "factory").orElseThrow().set(null, null);
        InternalField.field(URLConnection.class, "factory").orElseThrow().set(null, null);
    }

    @Test
    void theFactoriesAreTakenBackAndTheNextMaySetThem() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(SetsFactories.class);
        tenant.assertHeld();
        assertEquals(
                List.of(
                        "URL stream handler factory " + ME + "$OwnFactory was set,"
                                + " which no application can take back (pass a handler to the URL instead)",
                        "URL content handler factory " + ME + "$OwnContentFactory was set,"
                                + " which no application can take back (pass a handler to the URL instead)"),
                urlHandlers.clear(tenant.owner()));
        tenant.assertCollected();
        RegistryTenant next = new RegistryTenant(UrlHandlersTest.class);
        next.run(SetsFactories.class);
        urlHandlers.clear(next.owner());
    }

    /** Another test may have loaded a module. */
    @BeforeEach
    void withoutTheFactoryOfModules() {
        UrlHandlers.forgetLoaders();
    }

    @Test
    void theFactoryOfOthersStays() throws Exception {
        URL.setURLStreamHandlerFactory(new OwnFactory());
        assertEquals(List.of(), urlHandlers.clear(new RegistryTenant(UrlHandlersTest.class).owner()));
        assertThrows(Error.class, () -> URL.setURLStreamHandlerFactory(new OwnFactory()));
        assertNotNull(URI.create("own:x").toURL());
    }

    static final class OwnFactory implements URLStreamHandlerFactory {
        @Override
        public @Nullable URLStreamHandler createURLStreamHandler(String protocol) {
            return protocol.equals("own") ? new OwnHandler() : null;
        }
    }

    static final class OwnHandler extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL url) {
            return new OwnConnection(url);
        }
    }

    static final class OwnConnection extends URLConnection {
        OwnConnection(URL url) {
            super(url);
        }

        @Override
        public void connect() {}

        @Override
        public String getContentType() {
            return "test/own";
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(new byte[0]);
        }
    }

    static final class OwnContentFactory implements ContentHandlerFactory {
        @Override
        public ContentHandler createContentHandler(String type) {
            return new OwnContentHandler();
        }
    }

    static final class OwnContentHandler extends ContentHandler {
        @Override
        public Object getContent(URLConnection connection) {
            return "content";
        }
    }

    static final class SetsFactories implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            URL.setURLStreamHandlerFactory(new OwnFactory());
            URLConnection.setContentHandlerFactory(new OwnContentFactory());
            return URI.create("own:x").toURL().getContent();
        }
    }
}
