package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The contrast of WCAG 2.2, level AA, by the style sheet of the page. */
final class ContrastTest {

    private static final double LEAST = 4.5;
    private static final Pattern THEME = Pattern.compile(":root \\{[^}]*}");
    private static final Pattern VARIABLE = Pattern.compile("--(?<name>[\\w-]+): (?<value>#[0-9a-f]{6});");
    private static final Pattern USE = Pattern.compile("[ {;](?<property>color|background): (?<value>[^;}]*)");

    /** What is known to stand on a background of its own. */
    private static final Map<String, String> ON_ITS_OWN = Map.of("on-mark", "mark");

    private final String style = style();
    private final String rules = THEME.matcher(style).replaceAll("");

    private static String style() {
        try (InputStream file = FailurePage.class.getResourceAsStream("failure.css")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** @param theme 0 is the light one, 1 the dark one */
    private Map<String, String> colors(int theme) {
        Map<String, String> colors = new HashMap<>();
        Matcher variable = VARIABLE.matcher(THEME.matcher(style)
                .results()
                .skip(theme)
                .findFirst()
                .orElseThrow()
                .group());
        while (variable.find()) {
            colors.put(variable.group("name"), variable.group("value"));
        }
        return colors;
    }

    /** The names of the colors that the property has anywhere. */
    private Set<String> used(String property) {
        Set<String> used = new TreeSet<>();
        USE.matcher(rules)
                .results()
                .filter(use -> use.group(1).equals(property))
                .map(use -> use.group(2))
                .filter(value -> !value.equals("none"))
                .forEach(value -> {
                    assertTrue(value.matches("var\\(--[\\w-]+\\)"), () -> property + ": " + value);
                    used.add(value.substring("var(--".length(), value.length() - 1));
                });
        return used;
    }

    private static double contrast(String one, String other) {
        double lighter = Math.max(luminance(one), luminance(other));
        double darker = Math.min(luminance(one), luminance(other));
        return (lighter + 0.05) / (darker + 0.05);
    }

    private static double luminance(String color) {
        return 0.2126 * linear(color, 1) + 0.7152 * linear(color, 3) + 0.0722 * linear(color, 5);
    }

    private static double linear(String color, int at) {
        double value = Integer.parseInt(color.substring(at, at + 2), 16) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    @Test
    void theFormulaIsThatOfWcag() {
        assertEquals(21, contrast("#000000", "#ffffff"), 0.01);
        assertEquals(4.54, contrast("#767676", "#ffffff"), 0.01);
    }

    @Test
    void eachColorOfTextCanBeReadOnEachBackgroundInBothThemes() {
        Set<String> backgrounds = used("background");
        Set<String> texts = used("color");
        assertEquals(Set.of("page", "panel", "spot", "mark"), backgrounds);
        assertTrue(texts.containsAll(Set.of("text", "muted", "accent", "link", "on-mark")), texts::toString);
        for (int theme = 0; theme < 2; theme++) {
            Map<String, String> colors = colors(theme);
            for (String text : texts) {
                for (String background : backgrounds) {
                    boolean meet = ON_ITS_OWN.containsKey(text)
                            ? background.equals(ON_ITS_OWN.get(text))
                            : !ON_ITS_OWN.containsValue(background);
                    double contrast = contrast(
                            Objects.requireNonNull(colors.get(text)), Objects.requireNonNull(colors.get(background)));
                    assertTrue(!meet || contrast >= LEAST, text + " on " + background + ": " + contrast);
                }
            }
        }
    }

    @Test
    void nothingElseChangesWhatAColorLooksLike() {
        for (String other : Set.of("opacity", "filter", "#", "rgb", "hsl", "blend", "gradient")) {
            assertFalse(rules.contains(other), other);
        }
        assertEquals(colors(0).keySet(), colors(1).keySet());
    }
}
