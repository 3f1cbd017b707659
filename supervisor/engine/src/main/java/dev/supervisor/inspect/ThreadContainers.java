package dev.supervisor.inspect;

import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's registry of virtual threads, since JDK 21: a tree whose root has the threads that were started alone, with
 * a node for each executor. It has no public API.
 */
public final class ThreadContainers {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadContainers.class);

    private final Method children;
    private final Method threads;
    private final Method isVirtual;

    private ThreadContainers() throws ReflectiveOperationException {
        Class<?> container = Class.forName("jdk.internal.vm.ThreadContainer");
        children = accessible(container.getMethod("children"));
        threads = accessible(container.getMethod("threads"));
        isVirtual = Thread.class.getMethod("isVirtual");
    }

    public static Stream<Thread> virtualThreads() {
        try {
            Method root =
                    accessible(Class.forName("jdk.internal.vm.ThreadContainers").getMethod("root"));
            ThreadContainers containers = new ThreadContainers();
            return containers.below(root.invoke(null)).filter(containers::isVirtual);
        } catch (ReflectiveOperationException | RuntimeException e) { // JDK 17, or a package that is not opened
            LOG.debug("can't see virtual threads: {}", e.toString());
            return Stream.empty();
        }
    }

    private static Method accessible(Method method) {
        method.setAccessible(true);
        return method;
    }

    private Stream<Thread> below(Object container) {
        Stream<Thread> here = stream(threads, container).map(Thread.class::cast);
        return Stream.concat(here, stream(children, container).flatMap(this::below));
    }

    private boolean isVirtual(Thread thread) {
        return call(isVirtual, thread).equals(true);
    }

    private static Stream<?> stream(Method method, Object object) {
        return (Stream<?>) call(method, object);
    }

    private static Object call(Method method, Object object) {
        try {
            return method.invoke(object);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
