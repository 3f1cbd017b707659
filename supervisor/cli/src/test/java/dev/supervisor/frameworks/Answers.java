package dev.supervisor.frameworks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one client has been answered: written by its thread, read by the test. */
final class Answers {

    private static final Pattern VERSION = Pattern.compile("v(\\d+)");

    private final String client;
    private final Map<Integer, Integer> counts = new HashMap<>();
    /** Of each version, by {@link System#nanoTime}. */
    private final Map<Integer, Long> firstTimes = new HashMap<>();

    private final List<String> failures = new ArrayList<>();
    private long requests;
    private int announced;
    private int closed;
    /** The version that the connection has seen last, or 0. */
    private int latest;

    /** @param client its name, for messages */
    Answers(String client) {
        this.client = client;
    }

    synchronized void connected() {
        latest = 0;
    }

    /** Counts an answer, which is a failure unless it is a version, and none before the connection's last. */
    synchronized void answered(String body) {
        requests++;
        Matcher matcher = VERSION.matcher(body.strip());
        if (!matcher.matches()) {
            fail("answered: " + body);
            return;
        }
        int version = Integer.parseInt(matcher.group(1));
        if (version < latest) {
            fail("v" + version + " after v" + latest + " on one connection");
        }
        latest = version;
        counts.merge(version, 1, Integer::sum);
        firstTimes.putIfAbsent(version, System.nanoTime());
    }

    synchronized void failed(String what) {
        requests++;
        fail(what);
    }

    /** Counts a keep-alive connection that the server closes as the last response said. */
    synchronized void announced() {
        announced++;
    }

    /** Counts a keep-alive connection that was closed although no response had announced it. */
    synchronized void closed(String how) {
        closed++;
        failed("keep-alive connection closed: " + how);
    }

    private void fail(String what) {
        failures.add(client + ", request " + requests + ", last answered by v" + latest + ": " + what);
    }

    synchronized int count(int version) {
        return counts.getOrDefault(version, 0);
    }

    synchronized OptionalLong firstTime(int version) {
        Long time = firstTimes.get(version);
        return time == null ? OptionalLong.empty() : OptionalLong.of(time);
    }

    synchronized long requests() {
        return requests;
    }

    synchronized int announcements() {
        return announced;
    }

    synchronized int closed() {
        return closed;
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }
}
