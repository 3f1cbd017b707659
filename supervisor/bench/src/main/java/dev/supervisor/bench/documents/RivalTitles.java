package dev.supervisor.bench.documents;

import java.util.Map;

/** The titles of the rivals in the documentation. */
final class RivalTitles {

    private static final Map<String, String> TITLES = Map.of(
            "supervisor, overlap, warmed up", "supervisor, overlap, `--warm-up 'GET /'`",
            "socket held", "socket held by `systemd-socket-activate`, application restarted",
            "socket held, at its best", "socket held, at its best: graceful end, C1 only, CDS archive",
            "socket held, overlap", "the same, the new process started before the old one ends",
            "DevTools", "Spring Boot, DevTools",
            "DevTools, tuned", "Spring Boot, DevTools that polls each 100 ms");

    private RivalTitles() {}

    static String of(String rival) {
        return TITLES.getOrDefault(rival, rival);
    }
}
