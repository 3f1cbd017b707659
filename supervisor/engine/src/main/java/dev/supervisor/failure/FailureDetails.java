package dev.supervisor.failure;

import dev.supervisor.OptionKey;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the failure page shows to requests of this machine; to all others it never shows anything.
 *
 * @param shown whether that is the problem itself: source excerpts, stack traces, the output of the build. Otherwise the
 *     page tells where to look for it
 * @param editor opens places of the problem, if the page asks for it; needs {@code shown}
 * @param optionNames names options on the page, as the user knows them
 */
public record FailureDetails(boolean shown, Optional<Editor> editor, Function<OptionKey, String> optionNames) {

    public static final FailureDetails HIDDEN = new FailureDetails(false, Optional.empty());
    public static final FailureDetails WITHOUT_EDITOR = new FailureDetails(true, Optional.empty());

    /** Options are named by their keys. */
    public FailureDetails(boolean shown, Optional<Editor> editor) {
        this(shown, editor, OptionKey::key);
    }

    public FailureDetails {
        if (editor.isPresent() && !shown) {
            throw new IllegalArgumentException("an editor needs the details");
        }
    }
}
