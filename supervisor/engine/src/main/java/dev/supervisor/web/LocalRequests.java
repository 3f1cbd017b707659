package dev.supervisor.web;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells requests from a browser or a program of this machine from forwarded requests. Callers also require a loopback
 * socket. A reverse proxy on this machine connects from loopback, too, so a request is local only if nothing in it
 * speaks against that.
 */
public final class LocalRequests {

    /**
     * Headers that proxies add, and browsers don't: {@code Via}, {@code Forwarded}, and headers with the client's
     * address or the original target: {@code X-Real-IP}, {@code CF-Connecting-IP}, {@code True-Client-IP}, {@code
     * X-Envoy-External-Address}, {@code X-Original-Host}.
     */
    private static final Pattern PASSED_ON = Pattern.compile(
            "via|cdn-loop|.*forward.*|(.*[-_])?((client|socket|remote)?(ip|ipv[46]|addr|address)|original|originating|proxy)([-_].*)?",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern ABSOLUTE =
            Pattern.compile("https?://(?<authority>[^/?#]*)(?:[/?#].*)?", Pattern.CASE_INSENSITIVE);

    private LocalRequests() {}

    /**
     * Returns whether the request names this machine wherever it names a host, and shows no trace of a proxy. HTTP/1.0
     * counts as a trace: browsers don't use it, but nginx does by default, without adding a header.
     */
    public static boolean isLocal(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        return hosts.size() == 1
                && LoopbackHost.matches(hosts.get(0))
                && isOfThisMachine(request.uri())
                && request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0
                && request.headers().names().stream()
                        .noneMatch(name -> PASSED_ON.matcher(name).matches());
    }

    /**
     * Returns whether the request's target is of this machine. A target in absolute form overrides {@code Host} (RFC
     * 9112, 3.2.2).
     */
    private static boolean isOfThisMachine(String target) {
        return target.startsWith("/") || target.equals("*") || isLocalAddress(target);
    }

    /**
     * Returns whether the requesting page, if there is one, is of this machine; the browser names the page's origin. A
     * page elsewhere can send requests to this machine, but can't read the responses.
     */
    public static boolean hasLocalOrigin(HttpRequest request) {
        List<String> origins = request.headers().getAll(HttpHeaderNames.ORIGIN);
        return origins.isEmpty() || (origins.size() == 1 && isLocalAddress(origins.get(0)));
    }

    private static boolean isLocalAddress(String address) {
        Matcher absolute = ABSOLUTE.matcher(address);
        return absolute.matches() && LoopbackHost.matches(absolute.group("authority"));
    }
}
