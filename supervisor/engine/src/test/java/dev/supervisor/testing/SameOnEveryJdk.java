package dev.supervisor.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A test whose outcome does not depend on the JDK: it is about a browser, builds and other programs, limits of the
 * kernel, what the supervisor decides, or pure computation; or it repeats at length what a shorter test shows on each JDK.
 * {@code .ci/run} runs it on one JDK only.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("once")
public @interface SameOnEveryJdk {}
