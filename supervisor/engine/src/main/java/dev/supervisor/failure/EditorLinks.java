package dev.supervisor.failure;

import dev.supervisor.Problem.Place;
import dev.supervisor.text.IoReason;
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
 * Opens places in an editor at the request of the failure page, since a browser can't start an editor. A request gives
 * the id of the problem and the number of the place in it. Only the page itself may send one: the request must have the
 * page's origin, and carry a token that only the page contains. A page elsewhere can't have that origin; a program can
 * forge it, but does not know the token.
 */
final class EditorLinks {

    private static final Logger LOG = LoggerFactory.getLogger(EditorLinks.class);
    private static final Pattern PATH = Pattern.compile("/\\.supervisor/editor/([0-9a-f]{8})/(\\d{1,4})");

    /** The header that carries the token. */
    private static final String TOKEN = "X-Supervisor-Token";

    private static final int TOKEN_BYTES = 32;

    /**
     * The answer to a request.
     *
     * @param text empty if the editor was started, or else the reason why not
     */
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

    /** Returns the token that the page must contain; empty if there is no editor. */
    Optional<String> token() {
        return editor.map(there -> token);
    }

    /**
     * Opens the requested place, and returns the answer; empty for a request of another kind.
     *
     * @param head a request from this machine, to a name of this machine
     * @param failure the failure that the page shows
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

    /** Returns whether the request has the page's origin. The browser sets the origin, and no page can change it. */
    private static boolean isOfOurPage(HttpRequest head) {
        String origin = head.headers().get(HttpHeaderNames.ORIGIN, "");
        return origin.equalsIgnoreCase("http://" + head.headers().get(HttpHeaderNames.HOST, ""));
    }

    /**
     * Returns whether the request carries the token. Takes the same time wherever the sent token differs, so that it
     * can't be guessed piece by piece.
     */
    private boolean hasToken(HttpRequest head) {
        byte[] sent = head.headers().get(TOKEN, "").getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(sent, token.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer open(Editor editor, Place place) {
        try {
            editor.open(place);
            return new Answer(HttpResponseStatus.NO_CONTENT, "");
        } catch (IOException e) {
            LOG.warn("can't start the editor: {}", IoReason.of(e));
            return new Answer(HttpResponseStatus.INTERNAL_SERVER_ERROR, "can't start the editor: " + IoReason.of(e));
        }
    }
}
