/**
 * Text that programs have written for terminals.
 *
 * <p>{@link dev.supervisor.text.EscapeSequences} removes escape sequences; {@link dev.supervisor.text.VisibleText} also
 * replaces other characters that deceive a reader. Both are stateless. Depends on the JDK only.
 */
@NullMarked
package dev.supervisor.text;

import org.jspecify.annotations.NullMarked;
