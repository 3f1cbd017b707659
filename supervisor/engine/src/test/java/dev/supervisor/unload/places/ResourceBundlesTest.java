package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.ListResourceBundle;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class ResourceBundlesTest {

    private static final String TEXTS = ResourceBundlesTest.class.getName() + "$Texts";

    @Test
    void aBundleIsForgotten() throws Exception {
        ResourceBundle ofTheJvm =
                ResourceBundle.getBundle(TEXTS, Locale.ROOT, ResourceBundlesTest.class.getClassLoader());
        RegistryTenant tenant = RegistryTenant.thatRan(Reads.class);
        tenant.assertHeld();
        assertEquals(List.of(), new ResourceBundles().clear(tenant.owner()));
        tenant.assertCollected();
        assertSame(ofTheJvm, ResourceBundle.getBundle(TEXTS, Locale.ROOT, ResourceBundlesTest.class.getClassLoader()));
    }

    @Test
    void soIsOneOfALoaderThatTheApplicationHasMade() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(ReadsByAnother.class);
        tenant.assertHeld();
        assertEquals(List.of(), new ResourceBundles().clear(tenant.owner()));
        tenant.assertCollected();
    }

    public static final class Texts extends ListResourceBundle {
        @Override
        protected Object[][] getContents() {
            return new Object[][] {{"hello", "world"}};
        }
    }

    static final class Reads implements Callable<Object> {
        @Override
        public Object call() {
            return ResourceBundle.getBundle(Texts.class.getName(), Locale.ROOT, Reads.class.getClassLoader())
                    .getString("hello");
        }
    }

    static final class ReadsByAnother implements Callable<Object> {
        static final class Other extends ClassLoader {
            Other() {
                super(Other.class.getClassLoader());
            }
        }

        @Override
        public Object call() {
            return ResourceBundle.getBundle(Texts.class.getName(), Locale.ROOT, new Other())
                    .getString("hello");
        }
    }
}
