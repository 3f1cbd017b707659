package dev.supervisor.admin;

import dev.supervisor.Status;
import dev.supervisor.text.VisibleText;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether each application serves.
 *
 * @param lines one for each application
 */
record Readiness(boolean isReady, List<String> lines) {

    /** @param supervisors not ready if there are none yet */
    static Readiness of(List<NamedSupervisor> supervisors) {
        boolean ready = !supervisors.isEmpty();
        List<String> lines = new ArrayList<>();
        for (NamedSupervisor supervisor : supervisors) {
            Status status = supervisor.status().get();
            ready &= status.isReady();
            lines.add((status.isReady() ? "[+] " : "[-] ")
                    + VisibleText.of(supervisor.name())
                    + ": " + StatusJson.word(status.condition())
                    + status.live().map(live -> ", generation " + live.number()).orElse(""));
        }
        return new Readiness(ready, List.copyOf(lines));
    }

    String text(boolean verbose) {
        String summary = isReady ? "ready\n" : "not ready\n";
        return verbose && !lines.isEmpty() ? String.join("\n", lines) + "\n" + summary : summary;
    }
}
