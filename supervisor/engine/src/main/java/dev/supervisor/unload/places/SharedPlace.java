package dev.supervisor.unload.places;

import dev.supervisor.inspect.Owner;
import java.util.List;

/**
 * A place shared by all generations of a JVM, where a generation may leave an object that keeps it alive or is in the
 * way of the next. One small class for each kind of place. Cleared on a thread of the generation that ends, since
 * clearing may run code of the application.
 */
interface SharedPlace {

    /**
     * Removes what the generation has left, and only that: other generations may be serving.
     *
     * @return one message for each object, on which the application's author can act, as {@code JDBC driver
     *     com.acme.Driver was never deregistered}; none for objects that the application can't be blamed for, such as
     *     caches of the JDK
     */
    List<String> clear(Owner owner) throws Exception;
}
