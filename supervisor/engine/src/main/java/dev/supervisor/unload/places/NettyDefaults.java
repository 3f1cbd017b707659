package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;

/** Netty's replaceable defaults; all generations share its classes. */
final class NettyDefaults implements SharedPlace {

    private static final String LEAKS = ResourceLeakDetectorFactory.class.getName();

    @Override
    public List<String> clear(Owner owner) throws ReflectiveOperationException {
        List<String> left = new ArrayList<>();
        InternalLoggerFactory loggers = InternalLoggerFactory.getDefaultFactory();
        if (owner.owns(loggers)) { // Netty chooses a factory when it is null
            InternalField.field(InternalLoggerFactory.class, "defaultFactory")
                    .ifPresent(field -> field.set(null, null));
            left.add(described("InternalLoggerFactory", loggers));
        }
        ResourceLeakDetectorFactory detectors = ResourceLeakDetectorFactory.instance();
        if (owner.owns(detectors)) {
            ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(newDefault());
            left.add(described("ResourceLeakDetectorFactory", detectors));
        }
        return left;
    }

    private static ResourceLeakDetectorFactory newDefault() throws ReflectiveOperationException {
        Constructor<?> constructor =
                Class.forName(LEAKS + "$DefaultResourceLeakDetectorFactory").getDeclaredConstructor();
        constructor.setAccessible(true);
        return (ResourceLeakDetectorFactory) constructor.newInstance();
    }

    private static String described(String kind, Object factory) {
        return "Netty's " + kind + " " + factory.getClass().getName() + " was never set back";
    }
}
