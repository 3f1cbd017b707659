package dev.supervisor.maven;

import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import org.apache.maven.execution.MavenSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Maven remembers of descriptors for the length of a session, since it reads them once. Each version remembers elsewhere. */
final class ModelCaches {

    private static final Logger LOG = LoggerFactory.getLogger(ModelCaches.class);

    /** Maven 3.8's switch for a cache that is one for the whole process (MNG-6530). */
    private static final String NO_GLOBAL_CACHE = "maven.defaultProjectBuilder.disableGlobalModelCache";

    private ModelCaches() {}

    /** Has the next reading read all files. What Maven 3.9 remembers is in the session for repositories, of which we use a copy. */
    static void forget(MavenSession session) {
        System.setProperty(NO_GLOBAL_CACHE, "true");
        try {
            forgetRequests(session);
        } catch (NoSuchMethodException | ClassNotFoundException e) {
            LOG.debug("this is Maven 3", e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("changes of the POM may stay unseen until mvn supervisor:run is started again", e);
        }
    }

    /** Maven 4 keeps the results of requests in the data of the session, by a key that is public by its parts. */
    private static void forgetRequests(MavenSession session) throws ReflectiveOperationException {
        Object newSession = MavenSession.class.getMethod("getSession").invoke(session);
        ClassLoader maven = MavenSession.class.getClassLoader();
        Class<?> dataType = maven.loadClass("org.apache.maven.api.SessionData");
        Class<?> keyType = maven.loadClass("org.apache.maven.api.SessionData$Key");
        Object data = maven.loadClass("org.apache.maven.api.Session")
                .getMethod("getData")
                .invoke(newSession);
        Object key = dataType.getMethod("key", Class.class, Object.class)
                .invoke(null, ConcurrentMap.class, maven.loadClass("org.apache.maven.api.cache.CacheMetadata"));
        Object requests = dataType.getMethod("get", keyType).invoke(data, key);
        if (requests instanceof Map<?, ?> map) {
            map.clear();
        }
    }
}
