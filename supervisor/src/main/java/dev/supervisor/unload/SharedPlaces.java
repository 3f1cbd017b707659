package dev.supervisor.unload;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All the places that generations share, in the order in which they are cleared at the end of one. */
public final class SharedPlaces {

    private static final Logger LOG = LoggerFactory.getLogger(SharedPlaces.class);

    private static final List<SharedPlace> ALL = List.of(
            new JdbcDrivers(),
            new JulHandlers(),
            new SecurityProviders(),
            new MBeans(),
            new MBeanListeners(),
            new UrlHandlers(),
            new NamingBuilders(),
            new SerialFilters(),
            new SignalHandlers(),
            new SystemProperties(),
            new NettyDefaults(),
            new ImageIoPlugins(),
            new ResourceBundles(),
            new BeanInfos(),
            new RecordMethods());

    private SharedPlaces() {}

    /**
     * Clears them of what the generation has left. On a thread of the generation.
     *
     * @return what that was, in words that its author can act on
     */
    public static List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        for (SharedPlace place : ALL) {
            try {
                left.addAll(place.clear(owner));
            } catch (Throwable e) { // some of this is code of the application, and the other places are to be cleared
                LOG.warn(
                        "can't clear what {} has left ({}): {}",
                        owner.name(),
                        place.getClass().getSimpleName(),
                        e.toString());
            }
        }
        return left;
    }
}
