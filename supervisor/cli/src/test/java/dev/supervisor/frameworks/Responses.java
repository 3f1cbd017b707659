package dev.supervisor.frameworks;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a client has received on one connection, divided into responses.
 *
 * @param all each with its body, in the order in which they came
 */
record Responses(List<Response> all) {

    private static final Pattern HEAD = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");
    private static final Pattern VERSION = Pattern.compile("v\\d{3}");
    private static final Pattern DATE = Pattern.compile("(?i)\r\ndate: [^\r]*");

    /** @param versions that it names: one, or none if the server has answered by itself */
    record Response(int status, List<String> versions) {}

    static Responses of(String received) {
        List<Integer> starts = new ArrayList<>();
        HEAD.matcher(received).results().forEach(head -> starts.add(head.start()));
        starts.add(received.length());
        List<Response> all = new ArrayList<>();
        for (int i = 0; i < starts.size() - 1; i++) {
            String response = received.substring(starts.get(i), starts.get(i + 1));
            int status = Integer.parseInt(response.substring(9, 12));
            TreeSet<String> versions = new TreeSet<>();
            VERSION.matcher(response).results().forEach(version -> versions.add(version.group()));
            all.add(new Response(status, List.copyOf(versions)));
        }
        return new Responses(all);
    }

    /** How many heads of responses have come as a whole. */
    static int heads(String received) {
        int heads = 0;
        for (var matcher = HEAD.matcher(received); matcher.find(); ) {
            if (received.indexOf("\r\n\r\n", matcher.end()) > 0) {
                heads++;
            }
        }
        return heads;
    }

    /** The same for each run: without its version, its number and the time. */
    static String normalized(String received, int number) {
        String undated = DATE.matcher(received).replaceAll("\r\ndate: -");
        return VERSION.matcher(undated).replaceAll("v###").replace(Script.numbered(number), Script.NUMBER);
    }

    List<Integer> statuses() {
        return all.stream().map(Response::status).toList();
    }
}
