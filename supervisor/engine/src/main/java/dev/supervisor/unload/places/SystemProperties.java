package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Objects of the application among the system properties, where nobody expects other than strings. */
final class SystemProperties implements SharedPlace {

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        for (Map.Entry<Object, Object> entry :
                List.copyOf(System.getProperties().entrySet())) {
            if (owner.owns(entry.getKey()) || owner.owns(entry.getValue())) {
                String name = nameOf(owner, entry.getKey());
                GuardedCall.run(owner, "remove the system property " + name, () -> {
                    System.getProperties().remove(entry.getKey()); // asks a key of the application for its hash code
                    left.add("system property " + name + " is an object that was never removed");
                });
            }
        }
        return left;
    }

    /** Not by code of the application. */
    private static String nameOf(Owner owner, Object key) {
        return key instanceof String name ? name : owner.ownClassBehind(key);
    }
}
