package dev.supervisor.web;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognizes requests of browsers for pages, and responses that are pages and to which a script can be appended. */
final class HtmlResponses {

    /**
     * Destinations of <a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata</a> that are pages: neither
     * requests by scripts, nor parts of pages.
     */
    private static final Set<String> DESTINATIONS = Set.of("document", "iframe", "frame");

    private static final String DESTINATION = "Sec-Fetch-Dest";

    /** Statuses whose responses have no body or only part of one (RFC 9110, 6.4.1 and 15.3.7). */
    private static final Set<Integer> WITHOUT_WHOLE_BODY = Set.of(204, 205, 206, 304);

    private static final CharSequence[] OF_THE_BYTES = {
        HttpHeaderNames.ETAG,
        HttpHeaderNames.LAST_MODIFIED,
        HttpHeaderNames.ACCEPT_RANGES,
        HttpHeaderNames.CONTENT_MD5,
        "Digest",
        "Content-Digest",
        "Repr-Digest"
    };

    /**
     * The encoding of pages to which the script can't be appended. The script is ASCII, which all other encodings of
     * the web contain.
     */
    private static final String NOT_ASCII = "utf-16";

    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    private HtmlResponses() {}

    /**
     * Returns whether a browser requests a page that may listen for refreshes: only pages of this machine may. The
     * response to a POST is no such page, since reloading it would send the POST again.
     */
    static boolean isAskedFor(HttpRequest request) {
        String destination = request.headers().get(DESTINATION);
        return request.method().equals(HttpMethod.GET)
                && LocalRequests.isLocal(request)
                && (destination == null || DESTINATIONS.contains(destination))
                && !request.headers().contains(HttpHeaderNames.UPGRADE);
    }

    /**
     * Changes the request's headers so that the response is complete and plain: neither "not modified", which would
     * leave the browser with a page of a previous build, nor compressed.
     */
    static void askForAllOfIt(HttpHeaders headers) {
        headers.remove(HttpHeaderNames.IF_NONE_MATCH)
                .remove(HttpHeaderNames.IF_MODIFIED_SINCE)
                .remove(HttpHeaderNames.ACCEPT_ENCODING);
    }

    static boolean isOne(HttpResponse response) {
        HttpHeaders headers = response.headers();
        return "text/html".contentEquals(mimeType(response))
                && !WITHOUT_WHOLE_BODY.contains(response.status().code())
                && isPlain(headers)
                && !isToBeSaved(headers)
                && !headers.get(HttpHeaderNames.CONTENT_TYPE, "")
                        .toLowerCase(Locale.ROOT)
                        .contains(NOT_ASCII)
                && LENGTH.matcher(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0"))
                        .matches()
                && (!(response instanceof HttpContent) || response instanceof FullHttpResponse);
    }

    private static String mimeType(HttpResponse response) {
        CharSequence type = HttpUtil.getMimeType(response);
        return type == null ? "" : type.toString().strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isPlain(HttpHeaders headers) {
        String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        return encoding == null || HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(encoding);
    }

    private static boolean isToBeSaved(HttpHeaders headers) {
        return headers.get(HttpHeaderNames.CONTENT_DISPOSITION, "")
                .strip()
                .toLowerCase(Locale.ROOT)
                .startsWith("attachment");
    }

    /** Adjusts the headers to a longer body. The browser must not keep the page, which belongs to one build only. */
    static void longer(HttpHeaders headers, int more) {
        for (CharSequence name : OF_THE_BYTES) {
            headers.remove(name);
        }
        headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.parseLong(length) + more);
        }
    }
}
