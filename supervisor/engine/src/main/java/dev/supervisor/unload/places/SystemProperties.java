package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Objects of the application among the system properties, where only strings are expected. */
final class SystemProperties implements SharedPlace {

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        for (Map.Entry<Object, Object> entry :
                List.copyOf(System.getProperties().entrySet())) {
            if (owner.owns(entry.getKey()) || owner.owns(entry.getValue())) {
                String name = nameOf(owner, entry.getKey());
                GuardedCall.run(owner, "remove the system property " + name, () -> {
                    System.getProperties().remove(entry.getKey()); // calls hashCode of the key
                    left.add("system property " + name + " is an object that was never removed");
                });
            }
        }
        return left;
    }

    /** Returns the key's name without running code of the application. */
    private static String nameOf(Owner owner, Object key) {
        return key instanceof String name ? name : owner.ownClassBehind(key);
    }
}
