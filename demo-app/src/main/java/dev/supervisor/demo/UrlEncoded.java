package dev.supervisor.demo;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Texts by name, as a browser sends a form ({@code application/x-www-form-urlencoded}). Netty and browsers can both read
 * and write it, so it also serves for the way back, and between two builds, which share no classes of the application.
 */
final class UrlEncoded {

    private UrlEncoded() {}

    static String encode(Map<String, String> fields) {
        QueryStringEncoder encoder = new QueryStringEncoder("");
        fields.forEach(encoder::addParam);
        return encoder.toString().substring(1); // without the question mark
    }

    /** Returns the first text of each name. */
    static Map<String, String> decode(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        new QueryStringDecoder(text, StandardCharsets.UTF_8, false)
                .parameters()
                .forEach((name, texts) -> fields.put(name, texts.get(0)));
        return fields;
    }
}
