package dev.supervisor.load;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Writes a result as one self-contained HTML page, which includes it as JSON and a script that draws it. */
public final class Page {

    private static final String WEBJAR = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

    private Page() {}

    public static void write(LoadResult result, Path file) throws IOException {
        Files.writeString(file, html(result));
    }

    static String html(LoadResult result) throws IOException {
        return resource("load-test.html")
                .replace("{{plot.css}}", plot("uPlot.min.css"))
                .replace("{{plot.js}}", plot("uPlot.iife.min.js"))
                .replace("{{page.js}}", resource("load-test.js"))
                .replace("{{result.json}}", Json.text(result)); // last: nothing in it is replaced
    }

    private static String plot(String name) throws IOException {
        Properties maven = new Properties();
        try (InputStream file = open(WEBJAR)) {
            maven.load(file);
        }
        return text("/META-INF/resources/webjars/uplot/" + maven.getProperty("version") + "/dist/" + name);
    }

    private static String resource(String name) throws IOException {
        return text("/dev/supervisor/load/" + name);
    }

    private static String text(String path) throws IOException {
        try (InputStream file = open(path)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream open(String path) throws IOException {
        InputStream file = Page.class.getResourceAsStream(path);
        if (file == null) {
            throw new FileNotFoundException(path + " is not on the class path");
        }
        return file;
    }
}
