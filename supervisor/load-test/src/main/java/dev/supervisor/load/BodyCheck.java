package dev.supervisor.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the bodies of answers. A body that equals the previous one is not checked again. Belongs to one thread. */
final class BodyCheck {

    static final long NO_VERSION = -1;

    private static final int EXCERPT = 100;

    private final Expectation expectation;
    private final ByteBuf former = Unpooled.buffer();
    private boolean hasFormer;
    private boolean good = true;
    private long version = NO_VERSION;
    private Optional<Pattern> tooComplex = Optional.empty();

    BodyCheck(Expectation expectation) {
        this.expectation = expectation;
    }

    void read(ByteBuf body) {
        if (!hasFormer || !body.equals(former)) {
            hasFormer = false; // until it has been judged
            former.clear().writeBytes(body, body.readerIndex(), body.readableBytes());
            judge(former.toString(StandardCharsets.UTF_8));
            hasFormer = true;
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

    /** Returns the expression that could not be applied to the last body, which is neither good nor bad then. */
    Optional<Pattern> tooComplex() {
        return tooComplex;
    }

    /** Returns the beginning of the last body, on one line. */
    String excerpt() {
        String text = former.toString(0, Math.min(former.readableBytes(), EXCERPT), StandardCharsets.UTF_8);
        return text.replaceAll("\\s+", " ").strip() + (former.readableBytes() > EXCERPT ? "..." : "");
    }

    private void judge(String text) {
        tooComplex = Optional.empty();
        version = expectation
                .version()
                .map(pattern -> versionIn(pattern.matcher(text)))
                .orElse(NO_VERSION);
        good = (expectation.version().isEmpty() || version != NO_VERSION)
                && (expectation.body().isEmpty()
                        || finds(expectation.body().get().matcher(text)));
    }

    private long versionIn(Matcher matcher) {
        try {
            return finds(matcher) ? Math.max(Long.parseLong(matcher.group(1)), NO_VERSION) : NO_VERSION;
        } catch (NumberFormatException e) {
            return NO_VERSION;
        }
    }

    /** Each round of a repeated group takes a part of the stack, which a long body uses up. */
    private boolean finds(Matcher matcher) {
        try {
            return matcher.find();
        } catch (StackOverflowError e) {
            tooComplex = Optional.of(matcher.pattern());
            return false;
        }
    }
}
