package dev.supervisor.web;

import java.util.regex.Pattern;

/**
 * The names of this machine that a {@code Host} may have. A web page elsewhere can have a browser ask a server of this
 * machine, by a name of its own that leads here (DNS rebinding); but it can't have the browser name another host.
 */
final class LoopbackHost {

    private static final Pattern NAMES = Pattern.compile(
            "(localhost|[a-z0-9.-]+\\.localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?", Pattern.CASE_INSENSITIVE);

    private LoopbackHost() {}

    /** @param host with or without a port */
    static boolean matches(String host) {
        return NAMES.matcher(host).matches();
    }
}
