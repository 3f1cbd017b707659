package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Handlers of the process's signals. They are replaced by the handlers that existed when this object was made, which
 * should be before the first application, or by the JVM's default. Uses reflection, since javac warns about these
 * classes.
 */
final class SignalHandlers implements SharedPlace {

    private static final String SIGNAL = "jdk.internal.misc.Signal";
    private static final String ADAPTER = "sun.misc.Signal$InternalMiscHandler";

    private final Map<Object, Object> former = new HashMap<>(handlers());

    @Override
    public List<String> clear(Owner owner) throws ReflectiveOperationException {
        List<String> left = new ArrayList<>();
        for (Map.Entry<?, ?> entry : handlers().entrySet()) {
            Object handler = applications(entry.getValue());
            if (owner.owns(handler)) {
                setBack(owner, entry.getKey());
                left.add("handler " + owner.ownClassBehind(handler) + " of the signal " + entry.getKey()
                        + " was never set back");
            }
        }
        return left;
    }

    private static Map<?, ?> handlers() {
        Object handlers =
                InternalField.field(SIGNAL, "handlers").map(InternalField::get).orElse(Map.of());
        synchronized (handlers) { // a hash table
            return new HashMap<>((Map<?, ?>) handlers);
        }
    }

    private static Object applications(Object handler) {
        return InternalField.value(ADAPTER, "handler", handler).orElse(handler);
    }

    private void setBack(Owner owner, Object signal) throws ReflectiveOperationException {
        Class<?> signalType = Class.forName(SIGNAL);
        Class<?> handlerType = Class.forName(SIGNAL + "$Handler");
        Object before = former.get(signal);
        if (before == null || owner.owns(applications(before))) {
            before = handlerType.getField("SIG_DFL").get(null);
        }
        signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, before);
    }
}
