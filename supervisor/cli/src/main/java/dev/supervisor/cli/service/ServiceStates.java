package dev.supervisor.cli.service;

import dev.supervisor.Event;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How several applications are, which are one service: ready when each of them serves or has failed, and one at least
 * serves. With one application that is its own state. Not thread-safe.
 */
final class ServiceStates {

    private final Map<String, ServiceState> states = new LinkedHashMap<>();

    ServiceStates(Collection<String> applications) {
        applications.forEach(name -> states.put(name, ServiceState.STARTING));
    }

    /** Returns what there is to tell after an event of an application. */
    List<String> assignments(String application, Event event, long nanos) {
        ServiceState before = common();
        states.computeIfPresent(application, (name, state) -> state.after(event));
        return before.assignments(common(), event, nanos);
    }

    /** The application can't be started. Returns what there is to tell then. */
    List<String> notStarted(String application) {
        boolean wasReady = common() == ServiceState.READY;
        states.put(application, ServiceState.FAILED);
        return common() == ServiceState.READY && !wasReady ? List.of("READY=1") : List.of();
    }

    ServiceState common() {
        if (has(ServiceState.STOPPING)) {
            return ServiceState.STOPPING;
        }
        if (has(ServiceState.STARTING)) {
            return ServiceState.STARTING;
        }
        if (has(ServiceState.RELOADING)) {
            return ServiceState.RELOADING;
        }
        return has(ServiceState.READY) ? ServiceState.READY : ServiceState.FAILED;
    }

    private boolean has(ServiceState state) {
        return states.containsValue(state);
    }
}
