package dev.supervisor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a new generation has to do before it serves, and to hold while it does.
 *
 * @param requests the requests that it has to answer well before it serves, in this order; may be empty
 * @param timeout how long each try of a request may take
 * @param tries how often a request is tried, at least once
 * @param warmUp the requests by which it is warmed up before it serves, in turn; may be empty
 * @param warmUpTime how long that takes at most
 * @param errorLimit how many errors it may make after it has taken over; empty for any number
 */
public record Checks(
        List<Request> requests,
        Duration timeout,
        int tries,
        List<Request> warmUp,
        Duration warmUpTime,
        Optional<ErrorLimit> errorLimit) {

    public static final Duration TIMEOUT = Duration.ofSeconds(5);
    public static final int TRIES = 3;
    public static final Duration WARM_UP_TIME = Duration.ofSeconds(2);

    private static final Duration LONGEST = Duration.ofHours(1);

    /** No checks. */
    public static final Checks NONE = new Checks(List.of(), TIMEOUT, TRIES, List.of(), WARM_UP_TIME, Optional.empty());

    /**
     * A request without a body, and the answers that are good ones.
     *
     * @param socket the name of the socket that is asked; empty for the first one of HTTP
     * @param target the path, with its query
     * @param lowest the lowest good status
     * @param highest the highest good status
     * @param text what it was parsed from
     */
    public record Request(Optional<String> socket, String method, String target, int lowest, int highest, String text) {

        private static final Pattern FORM = Pattern.compile(
                "(?:([A-Za-z0-9_.-]+)=)?([A-Z]{1,20}) (/[!-~]*)(?: ([1-5]\\d\\d)(?:-([1-5]\\d\\d))?| ([1-5])xx)?");

        /** Those of RFC 9110 that a server may answer well, and PATCH (RFC 5789); a method of another name is a mistake. */
        private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

        private static final int LOWEST = 200;
        private static final int HIGHEST = 399;

        /**
         * Parses a request, in the form {@code [SOCKET=]METHOD PATH [STATUS]}, where STATUS is {@code 200}, {@code 200-299}
         * or {@code 2xx}; without one, 200 to 399 are good.
         *
         * @param option the option that it is the value of, for the message
         * @throws SupervisorException if the text has another form
         */
        static Request parse(String text, OptionKey option) {
            Matcher matcher = FORM.matcher(text.strip().replaceAll(" +", " "));
            if (!matcher.matches()) {
                throw new SupervisorException("'" + text + "' is no " + option
                        + ": expected [SOCKET=]METHOD PATH [STATUS], where STATUS is 200, 200-299 or 2xx, for example"
                        + " 'GET /health' or 'admin=GET /health 2xx'");
            }
            if (!METHODS.contains(matcher.group(2))) {
                throw new SupervisorException("'" + text + "' is no " + option + ": '" + matcher.group(2)
                        + "' is none of " + String.join(", ", METHODS));
            }
            int lowest = LOWEST;
            int highest = HIGHEST;
            if (matcher.group(4) != null) {
                lowest = Integer.parseInt(matcher.group(4));
                highest = matcher.group(5) == null ? lowest : Integer.parseInt(matcher.group(5));
            } else if (matcher.group(6) != null) {
                lowest = Integer.parseInt(matcher.group(6)) * 100;
                highest = lowest + 99;
            }
            if (lowest > highest) {
                throw new SupervisorException(
                        "'" + text + "' is no " + option + ": " + lowest + " is more than " + highest);
            }
            return new Request(
                    Optional.ofNullable(matcher.group(1)),
                    matcher.group(2),
                    matcher.group(3),
                    lowest,
                    highest,
                    matcher.group());
        }

        public boolean isGood(int status) {
            return lowest <= status && status <= highest;
        }

        /** Returns the good statuses, in words. */
        public String expected() {
            return lowest == highest ? Integer.toString(lowest) : lowest + " to " + highest;
        }

        private SocketSpec socketIn(List<SocketSpec> sockets, OptionKey option) {
            if (socket.isEmpty()) {
                return sockets.stream()
                        .filter(spec -> spec.protocol() == Protocol.HTTP)
                        .findFirst()
                        .orElseThrow(() -> new SupervisorException(
                                option + " '" + text + "' asks a socket of HTTP, and there is none (name another one: "
                                        + option + " 'NAME=" + text + "')"));
            }
            SocketSpec named = sockets.stream()
                    .filter(spec -> spec.name().equals(socket.get()))
                    .findFirst()
                    .orElseThrow(() -> new SupervisorException(option + " '" + text + "' names no socket: there is "
                            + String.join(
                                    ", ", sockets.stream().map(SocketSpec::name).toList())));
            if (named.protocol() == Protocol.HTTPS || named.protocol() == Protocol.DATAGRAM) {
                throw new SupervisorException(option + " '" + text + "' can't ask '" + named.name() + "', a socket of "
                        + named.type() + ": it asks by HTTP/1.1 without TLS");
            }
            return named;
        }

        /** Returns the name of the socket that is asked. */
        public String socketName(List<SocketSpec> sockets) {
            return socketIn(sockets, OptionKey.CHECK).name();
        }
    }

    /**
     * The most errors of a generation that has taken over: when it makes more, the former one is brought back.
     *
     * @param share of the requests, from 0 to 1, by which it may exceed that of the former generation
     * @param window how long it is watched
     */
    public record ErrorLimit(double share, Duration window) {
        public ErrorLimit {
            require(share >= 0 && share < 1, OptionKey.WATCH_ERRORS + " must be at least 0% and less than 100%");
            require(
                    isPositive(window) && window.compareTo(LONGEST) <= 0,
                    OptionKey.WATCH_ERRORS + " must watch for more than 0, and at most 1h");
        }
    }

    public Checks {
        requests = List.copyOf(requests);
        warmUp = List.copyOf(warmUp);
        require(
                isPositive(timeout) && timeout.compareTo(LONGEST) <= 0,
                OptionKey.CHECK_TIMEOUT + " must be more than 0, and at most 1h");
        require(tries >= 1, OptionKey.CHECK_TRIES + " must be at least 1");
        require(
                isPositive(warmUpTime) && warmUpTime.compareTo(LONGEST) <= 0,
                OptionKey.WARM_UP_TIME + " must be more than 0, and at most 1h");
    }

    /** @throws SupervisorException if they ask a socket that there is not, or need another strategy */
    void check(List<SocketSpec> sockets, SupervisorOptions.Swap swap) {
        requests.forEach(request -> request.socketIn(sockets, OptionKey.CHECK));
        warmUp.forEach(request -> request.socketIn(sockets, OptionKey.WARM_UP));
        boolean overlaps = swap == SupervisorOptions.Swap.OVERLAP;
        require(
                warmUp.isEmpty() || overlaps,
                OptionKey.WARM_UP + " needs " + OptionKey.SWAP
                        + " overlap: while new work waits for the build, it would only wait longer");
        require(
                errorLimit.isEmpty() || overlaps,
                OptionKey.WATCH_ERRORS + " needs " + OptionKey.SWAP
                        + " overlap: with another one, the former build may have ended when the new one serves");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new SupervisorException(otherwise);
        }
    }
}
