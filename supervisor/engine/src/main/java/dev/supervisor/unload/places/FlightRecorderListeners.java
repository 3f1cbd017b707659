package dev.supervisor.unload.places;

import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/** Listeners to the JVM's flight recorder; newer versions of Netty add one. A runtime may lack that module. */
final class FlightRecorderListeners implements SharedPlace {

    private static final String RECORDER = "jdk.jfr.internal.PlatformRecorder";

    @Override
    public List<String> clear(Owner owner) throws ClassNotFoundException {
        List<String> left = new ArrayList<>();
        if (InitializedClasses.maybe(RECORDER)) {
            Object listeners = InternalField.field(RECORDER, "changeListeners")
                    .map(InternalField::get)
                    .orElse(List.of());
            synchronized (Class.forName(RECORDER)) { // as the JDK does
                for (Iterator<?> all = ((Collection<?>) listeners).iterator(); all.hasNext(); ) {
                    Object listener = all.next();
                    if (owner.reaches(listener)) {
                        left.add("listener " + owner.ownClassBehind(listener)
                                + " to the flight recorder was never removed");
                        all.remove();
                    }
                }
            }
        }
        return left;
    }
}
