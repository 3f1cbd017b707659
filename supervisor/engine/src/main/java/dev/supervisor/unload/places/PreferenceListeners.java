package dev.supervisor.unload.places;

import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.prefs.NodeChangeListener;
import java.util.prefs.PreferenceChangeListener;
import java.util.prefs.Preferences;

/** Listeners to nodes of {@link Preferences}, whose trees the JVM keeps. A runtime may lack that module. */
final class PreferenceListeners implements SharedPlace {

    private static final String PREFERENCES = "java.util.prefs.AbstractPreferences";
    private static final String OF_FILES = "java.util.prefs.FileSystemPreferences";

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        if (InitializedClasses.maybe(OF_FILES)) {
            root("userRoot").ifPresent(root -> clear(owner, root, left));
            root("systemRoot").ifPresent(root -> clear(owner, root, left));
        }
        return left;
    }

    private static Optional<Preferences> root(String name) {
        return InternalField.field(OF_FILES, name).map(field -> (Preferences) field.get());
    }

    private static void clear(Owner owner, Preferences node, List<String> left) {
        for (Object listener : array("prefListeners", node)) {
            if (owner.owns(listener)) {
                node.removePreferenceChangeListener((PreferenceChangeListener) listener);
                left.add(describe(owner, listener, node));
            }
        }
        for (Object listener : array("nodeListeners", node)) {
            if (owner.owns(listener)) {
                node.removeNodeChangeListener((NodeChangeListener) listener);
                left.add(describe(owner, listener, node));
            }
        }
        children(node).forEach(child -> clear(owner, (Preferences) child, left));
    }

    private static Object[] array(String field, Preferences node) {
        return InternalField.value(PREFERENCES, field, node)
                .map(Object[].class::cast)
                .orElseGet(() -> new Object[0]);
    }

    /** Returns the children that have been used. */
    private static Collection<?> children(Preferences node) {
        Object lock = InternalField.value(PREFERENCES, "lock", node).orElse(node);
        synchronized (lock) { // as the JDK does
            return InternalField.value(PREFERENCES, "kidCache", node)
                    .<Collection<?>>map(kids -> List.copyOf(((Map<?, ?>) kids).values()))
                    .orElse(List.of());
        }
    }

    private static String describe(Owner owner, Object listener, Preferences node) {
        return "listener " + owner.ownClassBehind(listener) + " to the preferences " + node.absolutePath()
                + " was never removed";
    }
}
