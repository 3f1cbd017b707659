package dev.supervisor.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests are answered at all. The rules come in this order, so that who breaks one learns nothing of the next:
 *
 * <ol>
 *   <li>{@code Host} names this server: a page elsewhere can have a browser ask it by a name of its own (DNS rebinding), but
 *       not have it send another {@code Host}
 *   <li>no page of another origin asks; the response never has a header of CORS
 *   <li>the method reads: nothing can be changed over TCP
 *   <li>the request brings the token, if there is one
 * </ol>
 */
final class Access {

    /** A request that is not answered. */
    record Refusal(HttpResponseStatus status, String why) {}

    private static final Pattern WITH_PORT =
            Pattern.compile("(?<host>\\[(?<ipv6>[0-9a-f:.]+)\\]|[a-z0-9._-]+)(:[0-9]{1,5})?");

    /** Is in no name of the DNS, but an underscore may be in a name that is given. */
    private static final Pattern NO_NAME = Pattern.compile("^\\.|\\.\\.|_");

    private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /** What browsers send for a request that no page of another site has made. */
    private static final Set<String> SITES = Set.of("same-origin", "same-site", "none");

    /** Answered without a token: probes have none, and they tell hardly anything. */
    private static final Set<String> PROBES = Set.of("/livez", "/readyz");

    private final Set<String> hosts;
    private final Optional<TokenFile> token;

    /** @param hosts names in lower case, besides addresses and {@code localhost} */
    Access(Set<String> hosts, Optional<TokenFile> token) {
        this.hosts = hosts;
        this.token = token;
    }

    /** Returns why the request is not answered; empty if it is. */
    Optional<Refusal> refusal(HttpRequest request, String path) {
        HttpHeaders headers = request.headers();
        String host = only(headers, HttpHeaderNames.HOST);
        if (host == null || !isOurs(host) || !request.uri().startsWith("/")) {
            return refuse(
                    HttpResponseStatus.FORBIDDEN,
                    "this server has no such name (add it with --admin-host, or ask by an address)");
        }
        if (isOfAnotherOrigin(headers, host)) {
            return refuse(HttpResponseStatus.FORBIDDEN, "not for pages of other origins (open the address itself)");
        }
        if (!METHODS.contains(request.method())) {
            return refuse(HttpResponseStatus.METHOD_NOT_ALLOWED, "GET it; nothing can be changed here");
        }
        boolean needsToken = token.isPresent() && !PROBES.contains(path);
        if (needsToken && !token.get().isIn(headers.getAll(HttpHeaderNames.AUTHORIZATION))) {
            return refuse(HttpResponseStatus.UNAUTHORIZED, "send the token of --admin-token-file");
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refuse(HttpResponseStatus status, String why) {
        return Optional.of(new Refusal(status, why));
    }

    private static @Nullable String only(HttpHeaders headers, CharSequence name) {
        List<String> values = headers.getAll(name);
        return values.size() == 1 ? values.get(0) : null;
    }

    private boolean isOurs(String hostAndPort) {
        var parts = WITH_PORT.matcher(hostAndPort.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return false;
        }
        String host = parts.group("host");
        String ipv6 = parts.group("ipv6");
        return ipv6 != null
                ? NetUtil.isValidIpV6Address(ipv6)
                : isLocal(host) || NetUtil.isValidIpV4Address(host) || hosts.contains(host);
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost")
                || (host.endsWith(".localhost") && !NO_NAME.matcher(host).find());
    }

    /** Browsers send neither header with what a person types into the address bar, nor with what a page asks of its own origin. */
    private static boolean isOfAnotherOrigin(HttpHeaders headers, String host) {
        List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
        return origins.size() > 1
                || origins.stream().anyMatch(origin -> !origin.equals("http://" + host))
                || headers.getAll("Sec-Fetch-Site").stream()
                        .anyMatch(site -> !SITES.contains(site.toLowerCase(Locale.ROOT)));
    }
}
