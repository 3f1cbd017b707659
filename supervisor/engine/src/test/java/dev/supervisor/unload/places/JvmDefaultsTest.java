package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.inspect.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Authenticator;
import java.net.CacheRequest;
import java.net.CacheResponse;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JvmDefaultsTest {

    private final JvmDefaults defaults = new JvmDefaults();

    static final class Out extends PrintStream {
        Out() {
            super(OutputStream.nullOutputStream());
        }
    }

    static final class SetsOut implements Callable<Object> {
        @Override
        public Object call() {
            System.setOut(new Out());
            return "";
        }
    }

    static final class SetsErr implements Callable<Object> {
        @Override
        public Object call() {
            System.setErr(new Out());
            return "";
        }
    }

    static final class SetsIn implements Callable<Object> {
        @Override
        public Object call() {
            System.setIn(new InputStream() {
                @Override
                public int read() {
                    return -1;
                }
            });
            return "";
        }
    }

    static final class SetsHandler implements Callable<Object> {
        @Override
        public Object call() {
            Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {});
            return "";
        }
    }

    static final class SetsAuthenticator implements Callable<Object> {
        @Override
        public Object call() {
            Authenticator.setDefault(new Authenticator() {});
            return "";
        }
    }

    static final class SetsProxies implements Callable<Object> {
        @Override
        public Object call() {
            ProxySelector.setDefault(new ProxySelector() {
                @Override
                public List<Proxy> select(URI uri) {
                    return List.of();
                }

                @Override
                public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
            });
            return "";
        }
    }

    static final class SetsCookies implements Callable<Object> {
        @Override
        public Object call() {
            CookieHandler.setDefault(new CookieManager() {});
            return "";
        }
    }

    static final class SetsCache implements Callable<Object> {
        @Override
        public Object call() {
            ResponseCache.setDefault(new ResponseCache() {
                @Override
                public @Nullable CacheResponse get(URI uri, String method, Map<String, List<String>> headers) {
                    return null;
                }

                @Override
                public @Nullable CacheRequest put(URI uri, URLConnection connection) {
                    return null;
                }
            });
            return "";
        }
    }

    static final class SetsVerifier implements Callable<Object> {
        @Override
        public Object call() {
            HttpsURLConnection.setDefaultHostnameVerifier((name, session) -> false);
            return "";
        }
    }

    static final class SetsUrls implements Callable<Object> {
        @Override
        public Object call() {
            URL.setURLStreamHandlerFactory(protocol -> null);
            return "";
        }
    }

    static final class SetsContents implements Callable<Object> {
        @Override
        public Object call() {
            URLConnection.setContentHandlerFactory(type -> null);
            return "";
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                SetsOut.class,
                SetsErr.class,
                SetsIn.class,
                SetsHandler.class,
                SetsAuthenticator.class,
                SetsProxies.class,
                SetsCookies.class,
                SetsCache.class,
                SetsVerifier.class,
                SetsUrls.class,
                SetsContents.class
            })
    void whatAGenerationHasSetIsSetBack(Class<? extends Callable<?>> setting) throws Exception {
        JvmDefaults.begin(object -> false, object -> false); // as it is without applications
        UrlHandlers.forgetLoaders();
        RegistryTenant tenant = RegistryTenant.thatRan(setting);
        tenant.assertHeld();
        List<String> left = defaults.clear(tenant.owner());
        assertEquals(1, left.size(), left::toString);
        assertTrue(
                left.get(0).contains(" was set to something of " + JvmDefaultsTest.class.getName())
                        && left.get(0).endsWith(" and not set back"),
                left.get(0));
        tenant.assertCollected();
    }

    @Test
    void theNextGenerationBeginsAsTheFirstDid() throws Exception {
        PrintStream before = System.out;
        JvmDefaults.begin(object -> false, object -> false);
        RegistryTenant tenant = new RegistryTenant(JvmDefaultsTest.class);
        tenant.run(SetsOut.class);
        PrintStream tenants = System.out;
        Owner owner = tenant.owner();
        JvmDefaults.Former former = JvmDefaults.begin(owner::owns, object -> false);
        assertSame(before, System.out);
        former.restore(owner::owns);
        assertSame(tenants, System.out, "for the one that goes on, if the next has failed");
        defaults.clear(owner);
        assertSame(before, System.out);
    }

    @Test
    void whatAGenerationHadSetThatHasEndedMeanwhileIsNotGivenBack() throws Exception {
        PrintStream before = System.out;
        JvmDefaults.begin(object -> false, object -> false);
        RegistryTenant tenant = new RegistryTenant(JvmDefaultsTest.class);
        tenant.run(SetsOut.class);
        JvmDefaults.Former former = JvmDefaults.begin(tenant.owner()::owns, object -> false);
        former.restore(object -> false);
        assertSame(before, System.out);
    }

    @Test
    void whatOthersHaveSetStays() throws Exception {
        PrintStream before = System.out;
        try (PrintStream others = new Out()) {
            System.setOut(others);
            assertEquals(List.of(), defaults.clear(new RegistryTenant(JvmDefaultsTest.class).owner()));
            JvmDefaults.begin(object -> false, object -> false);
            assertSame(others, System.out);
        } finally {
            System.setOut(before);
            JvmDefaults.begin(object -> false, object -> false);
        }
        assertNull(Authenticator.getDefault());
        assertNotNull(ProxySelector.getDefault());
    }
}
