package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class NettyDefaultsTest {

    private static final String ME = NettyDefaultsTest.class.getName();

    private final NettyDefaults defaults = new NettyDefaults();

    @Test
    void theFactoriesAreSetBack() throws Exception {
        InternalLoggerFactory loggers = InternalLoggerFactory.getDefaultFactory();
        ResourceLeakDetectorFactory detectors = ResourceLeakDetectorFactory.instance();
        RegistryTenant tenant = RegistryTenant.thatRan(SetsFactories.class);
        tenant.assertHeld();
        assertEquals(
                List.of(
                        "Netty's InternalLoggerFactory " + ME + "$OwnLoggers was never set back",
                        "Netty's ResourceLeakDetectorFactory " + ME + "$OwnDetectors was never set back"),
                defaults.clear(tenant.owner()));
        tenant.assertCollected();
        assertSame(loggers.getClass(), InternalLoggerFactory.getDefaultFactory().getClass());
        assertSame(detectors.getClass(), ResourceLeakDetectorFactory.instance().getClass());
    }

    @Test
    void theFactoryOfOthersStays() throws Exception {
        InternalLoggerFactory before = InternalLoggerFactory.getDefaultFactory();
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        try {
            assertEquals(List.of(), defaults.clear(new RegistryTenant(NettyDefaultsTest.class).owner()));
            assertSame(JdkLoggerFactory.INSTANCE, InternalLoggerFactory.getDefaultFactory());
        } finally {
            InternalLoggerFactory.setDefaultFactory(before);
        }
    }

    static final class OwnLoggers extends InternalLoggerFactory {
        @Override
        protected InternalLogger newInstance(String name) {
            throw new IllegalStateException("Netty shall not keep one");
        }
    }

    static final class OwnDetectors extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // it is the only abstract one
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval, long maxActive) {
            throw new IllegalStateException("Netty shall not keep one");
        }
    }

    static final class SetsFactories implements Callable<Object> {
        @Override
        public Object call() {
            InternalLoggerFactory.setDefaultFactory(new OwnLoggers());
            ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new OwnDetectors());
            return "";
        }
    }
}
