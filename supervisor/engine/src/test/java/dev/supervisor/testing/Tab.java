package dev.supervisor.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page that stays open in a {@link Browser}, to be looked at and clicked on by the DevTools protocol: its scripts run
 * where the page's policy allows none.
 */
public final class Tab implements AutoCloseable {

    private static final long TIMEOUT_SECONDS = 60;
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/.*");

    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final int TAB = 9;
    private static final int ENTER = 13;

    private final Process process;
    private final Path profile;
    private final BufferedReader errors;
    private final Messages messages = new Messages();
    private final List<String> complaints = new ArrayList<>();
    private final WebSocket socket;
    private int lastId;

    private Tab(Process process, Path profile) throws IOException, InterruptedException {
        this.process = process;
        this.profile = profile;
        this.errors = process.errorReader();
        HttpClient client = HttpClient.newHttpClient();
        socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(pageOf(client, awaitAddress())), messages)
                .join();
        send("Page.enable", new JsonObject());
        send("Runtime.enable", new JsonObject());
        send("Log.enable", new JsonObject());
    }

    /** Starts a browser of its own. */
    static Tab open(List<String> command, Path profile) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Tab(process, profile);
    }

    private String awaitAddress() throws IOException {
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.matches()) {
                return listening.group(1);
            }
        }
        throw new AssertionError("the browser has ended");
    }

    private static String pageOf(HttpClient client, String address) throws IOException, InterruptedException {
        HttpRequest list = HttpRequest.newBuilder(URI.create("http://" + address + "/json/list"))
                .build();
        String json = client.send(list, HttpResponse.BodyHandlers.ofString()).body();
        for (JsonElement target : JsonParser.parseString(json).getAsJsonArray()) {
            if (target.getAsJsonObject().get("type").getAsString().equals("page")) {
                return target.getAsJsonObject().get("webSocketDebuggerUrl").getAsString();
            }
        }
        throw new AssertionError("there is no page in " + json);
    }

    /** Returns what it answers. */
    private JsonObject send(String method, JsonObject parameters) throws InterruptedException {
        JsonObject message = new JsonObject();
        message.addProperty("id", ++lastId);
        message.addProperty("method", method);
        message.add("params", parameters);
        socket.sendText(message.toString(), true).join();
        while (true) {
            JsonObject answer = next();
            if (answer.has("id") && answer.get("id").getAsInt() == lastId) {
                if (answer.has("error")) {
                    throw new AssertionError(answer);
                }
                return answer.getAsJsonObject("result");
            }
        }
    }

    /** Notes what the browser complains of on the way. */
    private JsonObject next() throws InterruptedException {
        String text = messages.received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (text == null) {
            throw new AssertionError("the browser says nothing");
        }
        JsonObject message = JsonParser.parseString(text).getAsJsonObject();
        if (message.has("method")) {
            String method = message.get("method").getAsString();
            if (method.equals("Runtime.exceptionThrown") || method.equals("Log.entryAdded")) {
                complaints.add(text);
            }
        }
        return message;
    }

    public void go(String url) throws InterruptedException {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("url", url);
        send("Page.navigate", parameters);
        await("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** What an expression of JavaScript comes to, or the promise that it is. */
    public String evaluate(String expression) throws InterruptedException {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("expression", "Promise.resolve(" + expression + ").then(String)");
        parameters.addProperty("awaitPromise", true);
        JsonObject result = send("Runtime.evaluate", parameters);
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result);
        }
        return result.getAsJsonObject("result").get("value").getAsString();
    }

    /** Waits until an expression is true; the page may be replaced by another meanwhile. */
    public void await(String expression) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!isTrue(expression)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        expression + " does not become true of " + evaluate("document.documentElement.outerHTML"));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private boolean isTrue(String expression) throws InterruptedException {
        try {
            return evaluate(expression).equals("true");
        } catch (AssertionError e) {
            return false; // the page was just replaced
        }
    }

    /** @param scheme that the page is told to be preferred: {@code light} or {@code dark} */
    public void prefer(String scheme) throws InterruptedException {
        JsonObject feature = new JsonObject();
        feature.addProperty("name", "prefers-color-scheme");
        feature.addProperty("value", scheme);
        JsonArray features = new JsonArray();
        features.add(feature);
        JsonObject parameters = new JsonObject();
        parameters.add("features", features);
        send("Emulation.setEmulatedMedia", parameters);
    }

    /** As on a phone that is so wide. */
    public void narrow(int width) throws InterruptedException {
        size(width, 2 * width, 2, true);
    }

    /** As in a window of this size. */
    public void size(int width, int height) throws InterruptedException {
        size(width, height, 1, false);
    }

    private void size(int width, int height, int scale, boolean mobile) throws InterruptedException {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("width", width);
        parameters.addProperty("height", height);
        parameters.addProperty("deviceScaleFactor", scale);
        parameters.addProperty("mobile", mobile);
        send("Emulation.setDeviceMetricsOverride", parameters);
    }

    /** Presses a key, as on a keyboard: {@code Tab}, {@code Enter}. */
    public void press(String key) throws InterruptedException {
        for (String type : List.of("keyDown", "keyUp")) {
            JsonObject parameters = new JsonObject();
            parameters.addProperty("type", type);
            parameters.addProperty("key", key);
            parameters.addProperty("code", key);
            parameters.addProperty("windowsVirtualKeyCode", key.equals("Tab") ? TAB : ENTER);
            if (key.equals("Enter") && type.equals("keyDown")) {
                parameters.addProperty("text", "\r");
            }
            send("Input.dispatchKeyEvent", parameters);
        }
    }

    /** Returns what axe-core finds on the page as it is: what keeps people from using it. */
    public String violations() throws IOException, InterruptedException {
        if (evaluate("typeof axe").equals("undefined")) {
            evaluate("(() => {" + axe() + "\n})()");
        }
        return evaluate("axe.run().then(found => found.violations.map(violation => violation.id + ': '"
                + " + violation.nodes.map(node => node.html + ' ' + node.failureSummary).join('; ')).join('\\n'))");
    }

    private static String axe() throws IOException {
        try (InputStream library = Tab.class.getResourceAsStream(AXE)) {
            if (library == null) {
                throw new AssertionError("axe-core is not on the class path");
            }
            return new String(library.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What its console says of errors, and of what the page's policy has forbidden. */
    public List<String> complaints() throws InterruptedException {
        evaluate("1");
        return List.copyOf(complaints);
    }

    /** What one sees, in a file that stays among the outputs of the build. */
    public Path screenshot(String name) throws IOException, InterruptedException {
        Path file = Files.createDirectories(Path.of("target/screenshots")).resolve(name + ".png");
        JsonObject parameters = new JsonObject();
        parameters.addProperty("captureBeyondViewport", true);
        return Files.write(file, capture(parameters)).toAbsolutePath();
    }

    /** Writes the page down to the end of an element into a file, somewhat smaller. */
    public void picture(String last, Path file) throws IOException, InterruptedException {
        String end = "document.querySelector('" + last + "').getBoundingClientRect().bottom + scrollY + 32";
        picture("innerWidth", end, 0.8, file);
    }

    /** Writes the whole page, and no more, into a file. */
    public void picture(Path file) throws IOException, InterruptedException {
        picture("document.documentElement.offsetWidth", "document.documentElement.offsetHeight", 1, file);
    }

    private void picture(String width, String height, double scale, Path file)
            throws IOException, InterruptedException {
        JsonObject clip = new JsonObject();
        clip.addProperty("x", 0);
        clip.addProperty("y", 0);
        clip.addProperty("width", Double.parseDouble(evaluate(width)));
        clip.addProperty("height", Double.parseDouble(evaluate(height)));
        clip.addProperty("scale", scale);
        JsonObject parameters = new JsonObject();
        parameters.add("clip", clip);
        parameters.addProperty("captureBeyondViewport", true);
        Files.write(file, capture(parameters));
    }

    private byte[] capture(JsonObject parameters) throws InterruptedException {
        String image = send("Page.captureScreenshot", parameters).get("data").getAsString();
        return Base64.getDecoder().decode(image);
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        errors.close();
        Browser.deleteTree(profile);
    }

    private static final class Messages implements WebSocket.Listener {

        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                received.add(parts.toString());
                parts.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedStage(data);
        }
    }
}
