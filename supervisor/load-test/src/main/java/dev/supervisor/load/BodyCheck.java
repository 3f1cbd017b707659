package dev.supervisor.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;

/** Checks the bodies of answers. A body that equals the previous one is not checked again. Belongs to one thread. */
final class BodyCheck {

    static final long NO_VERSION = -1;

    private static final int EXCERPT = 100;

    private final Expectation expectation;
    private final ByteBuf former = Unpooled.buffer();
    private boolean hasFormer;
    private boolean good = true;
    private long version = NO_VERSION;

    BodyCheck(Expectation expectation) {
        this.expectation = expectation;
    }

    void read(ByteBuf body) {
        if (!hasFormer || !body.equals(former)) {
            hasFormer = true;
            former.clear().writeBytes(body, body.readerIndex(), body.readableBytes());
            judge(former.toString(StandardCharsets.UTF_8));
        }
    }

    /** Returns whether the last body matched the expectation, and has a version if one is expected. */
    boolean isGood() {
        return good;
    }

    /** Returns the version in the last body, or {@link #NO_VERSION}. */
    long version() {
        return version;
    }

    /** Returns the beginning of the last body, on one line. */
    String excerpt() {
        String text = former.toString(0, Math.min(former.readableBytes(), EXCERPT), StandardCharsets.UTF_8);
        return text.replaceAll("\\s+", " ").strip() + (former.readableBytes() > EXCERPT ? "..." : "");
    }

    private void judge(String text) {
        version = expectation
                .version()
                .map(pattern -> versionIn(pattern.matcher(text)))
                .orElse(NO_VERSION);
        good = (expectation.version().isEmpty() || version != NO_VERSION)
                && (expectation.body().isEmpty()
                        || expectation.body().get().matcher(text).find());
    }

    private static long versionIn(Matcher matcher) {
        try {
            return matcher.find() ? Math.max(Long.parseLong(matcher.group(1)), NO_VERSION) : NO_VERSION;
        } catch (NumberFormatException e) {
            return NO_VERSION;
        }
    }
}
