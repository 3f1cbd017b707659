package dev.supervisor.unload.places;

import dev.supervisor.inspect.Owner;
import java.util.List;

/**
 * A place that all generations of a JVM share, where one may leave something that keeps it alive, or is in the way of the
 * next. One small class for each kind of place. It is cleared on a thread of the generation that ends, since clearing may
 * run code of the application.
 */
interface SharedPlace {

    /**
     * Takes out what the generation has left, and only that: other generations may be serving.
     *
     * @return what that was, each in words that its author can act on, as {@code JDBC driver com.acme.Driver was never
     *     deregistered}; empty for what nobody can be blamed for, such as caches of the JDK
     */
    List<String> clear(Owner owner) throws Exception;
}
