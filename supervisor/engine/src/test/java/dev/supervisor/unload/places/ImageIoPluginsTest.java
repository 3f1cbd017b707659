package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageInputStreamSpi;
import javax.imageio.spi.ServiceRegistry;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@TestMethodOrder(MethodName.class) // the first one is to be the first that needs the registry
final class ImageIoPluginsTest {

    private final ImageIoPlugins plugins = new ImageIoPlugins();

    @Test
    void aPluginThatWasNeverDeregisteredIs() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(Registers.class);
        tenant.assertHeld();
        assertEquals(
                List.of("ImageIO plug-in " + Plugin.class.getName() + " was never deregistered"),
                plugins.clear(tenant.owner()));
        tenant.assertCollected();
    }

    @Test
    void thePluginsOfOthersStay() throws Exception {
        IIORegistry registry = IIORegistry.getDefaultInstance();
        Plugin ofTheJvm = new Plugin();
        registry.registerServiceProvider(ofTheJvm, ImageInputStreamSpi.class);
        try {
            assertEquals(List.of(), plugins.clear(new RegistryTenant(ImageIoPluginsTest.class).owner()));
            assertTrue(registry.contains(ofTheJvm));
        } finally {
            assertThrows(
                    IllegalStateException.class,
                    () -> registry.deregisterServiceProvider(ofTheJvm, ImageInputStreamSpi.class));
        }
    }

    public static final class Plugin extends ImageInputStreamSpi {
        public Plugin() {
            super("own", "1", Runnable.class);
        }

        @Override
        public @Nullable ImageInputStream createInputStreamInstance(
                Object input, boolean useCache, @Nullable File cacheDir) {
            return null;
        }

        @Override
        public String getDescription(@Nullable Locale locale) {
            return "own";
        }

        @Override
        public void onDeregistration(ServiceRegistry registry, Class<?> category) {
            throw new IllegalStateException("not me");
        }
    }

    static final class Registers implements Callable<Object> {
        @Override
        public Object call() {
            return IIORegistry.getDefaultInstance().registerServiceProvider(new Plugin(), ImageInputStreamSpi.class);
        }
    }
}
