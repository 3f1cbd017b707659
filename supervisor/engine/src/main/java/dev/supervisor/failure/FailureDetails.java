package dev.supervisor.failure;

import dev.supervisor.OptionKey;
import java.util.Optional;
import java.util.function.Function;

/**
 * The details that the failure page shows to requests from this machine. Other requests never get any.
 *
 * @param shown whether the page shows the problem itself: source excerpts, stack traces, the output of the build.
 *     Otherwise it tells where to look for them
 * @param editor opens places of the problem when the page requests it; needs {@code shown}
 * @param optionNames returns the name of an option for the page, as the user knows it
 */
public record FailureDetails(boolean shown, Optional<Editor> editor, Function<OptionKey, String> optionNames) {

    public static final FailureDetails HIDDEN = new FailureDetails(false, Optional.empty());
    public static final FailureDetails WITHOUT_EDITOR = new FailureDetails(true, Optional.empty());

    /** Makes details that name options by their keys. */
    public FailureDetails(boolean shown, Optional<Editor> editor) {
        this(shown, editor, OptionKey::key);
    }

    public FailureDetails {
        if (editor.isPresent() && !shown) {
            throw new IllegalArgumentException("an editor needs the details");
        }
    }
}
