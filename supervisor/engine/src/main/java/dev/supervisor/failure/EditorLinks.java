package dev.supervisor.failure;

import dev.supervisor.Problem.Place;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A browser can't start an editor, but the failure page can ask the supervisor to. It names a place by its number in the
 * problem that it shows. Nothing but the page may ask, so the request has to carry a token that stands in the page only,
 * besides the page's origin: a page elsewhere, or a program that forges the origin, can't know it.
 */
final class EditorLinks {

    private static final Logger LOG = LoggerFactory.getLogger(EditorLinks.class);
    private static final Pattern PATH = Pattern.compile("/\\.supervisor/editor/([0-9a-f]{8})/(\\d{1,4})");

    /** By this header the page shows that it is the page. */
    private static final String TOKEN = "X-Supervisor-Token";

    private static final int TOKEN_BYTES = 32;

    /** @param text nothing, or why not */
    record Answer(HttpResponseStatus status, String text) {}

    private final Optional<Editor> editor;
    private final String token = randomToken();

    EditorLinks(Optional<Editor> editor) {
        this.editor = editor;
    }

    private static String randomToken() {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** For the page, if there is an editor. */
    Optional<String> token() {
        return editor.map(there -> token);
    }

    /**
     * Does what the request asks for, or says why not; nothing if it is any other request.
     *
     * @param head from this machine, to a name of this machine
     */
    Optional<Answer> answer(HttpRequest head, Failure failure) {
        Matcher path = PATH.matcher(head.uri());
        if (editor.isEmpty() || !head.method().equals(HttpMethod.POST) || !path.matches()) {
            return Optional.empty();
        }
        if (!isOfOurPage(head) || !hasToken(head)) {
            return Optional.of(
                    new Answer(HttpResponseStatus.FORBIDDEN, "only the failure page itself may ask for that"));
        }
        List<Place> places = failure.problem().allPlaces();
        int index = Integer.parseInt(path.group(2));
        if (!path.group(1).equals(failure.id())
                || index >= places.size()
                || places.get(index).excerpt().isEmpty()) {
            return Optional.of(new Answer(HttpResponseStatus.NOT_FOUND, "there is no such place any more"));
        }
        return Optional.of(open(editor.get(), places.get(index)));
    }

    /** A browser tells by which page a request was made, and no page can have it say otherwise. */
    private static boolean isOfOurPage(HttpRequest head) {
        String origin = head.headers().get(HttpHeaderNames.ORIGIN, "");
        return origin.equalsIgnoreCase("http://" + head.headers().get(HttpHeaderNames.HOST, ""));
    }

    /** Takes the same time wherever the token differs. */
    private boolean hasToken(HttpRequest head) {
        byte[] sent = head.headers().get(TOKEN, "").getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(sent, token.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer open(Editor editor, Place place) {
        try {
            editor.open(place);
            return new Answer(HttpResponseStatus.NO_CONTENT, "");
        } catch (IOException e) {
            LOG.warn("can't start the editor: {}", e.toString());
            return new Answer(HttpResponseStatus.INTERNAL_SERVER_ERROR, "can't start the editor: " + e.getMessage());
        }
    }
}
