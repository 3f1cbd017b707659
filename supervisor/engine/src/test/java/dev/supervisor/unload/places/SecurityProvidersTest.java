package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class SecurityProvidersTest {

    @Test
    void aProviderThatWasNeverRemovedIs() throws Exception {
        Security.addProvider(new SharedProvider());
        try {
            RegistryTenant tenant = RegistryTenant.thatRan(AddsAndUses.class);
            tenant.assertHeld();
            assertEquals(
                    List.of("security provider Own (" + OwnProvider.class.getName() + ") was never removed"),
                    new SecurityProviders().clear(tenant.owner()));
            tenant.assertCollected();
            assertNotNull(Security.getProvider("Shared"));
        } finally {
            Security.removeProvider("Shared");
        }
    }

    static final class SharedProvider extends Provider {
        SharedProvider() {
            super("Shared", "1", "of the JVM");
        }
    }

    static final class OwnProvider extends Provider {
        OwnProvider() {
            super("Own", "1", "of the application");
            put("MessageDigest.NOTHING", OwnDigest.class.getName());
        }
    }

    public static final class OwnDigest extends MessageDigestSpi {
        @Override
        protected void engineUpdate(byte input) {}

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {}

        @Override
        protected byte[] engineDigest() {
            return new byte[0];
        }

        @Override
        protected void engineReset() {}
    }

    static final class AddsAndUses implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            Security.insertProviderAt(new OwnProvider(), 1);
            return MessageDigest.getInstance("NOTHING").digest();
        }
    }
}
