package dev.supervisor.admin;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The page for people. It has all of its scripts and styles in itself, and only these run: the policy names their digests, as
 * they are in the file.
 *
 * @param html the page
 * @param policy the value of {@code Content-Security-Policy}
 */
record Dashboard(String html, String policy) {

    private static final String FILE = "dashboard.html";

    static Dashboard load() {
        try (InputStream file = Dashboard.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new FileNotFoundException(FILE + " is not on the class path");
            }
            return of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Dashboard of(String html) {
        String policy = "default-src 'none'; script-src " + digests(html, "script") + "; style-src "
                + digests(html, "style")
                + "; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return new Dashboard(html, policy);
    }

    /** Returns the digests of all elements of this name. A browser takes the text as it is, but for the ends of lines. */
    private static String digests(String html, String element) {
        Matcher elements = Pattern.compile(
                        "<" + element + "\\b[^>]*>(?<text>.*?)</" + element + "\\s*>",
                        Pattern.DOTALL | Pattern.CASE_INSENSITIVE)
                .matcher(html.replace("\r\n", "\n"));
        String digests = elements.results()
                .map(found -> "'sha256-" + digest(found.group(1)) + "'")
                .collect(Collectors.joining(" "));
        return digests.isEmpty() ? "'none'" : digests;
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each JDK has it
        }
    }
}
