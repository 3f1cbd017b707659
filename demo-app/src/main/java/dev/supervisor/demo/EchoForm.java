package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpResponseStatus;

/** {@code GET /echo}: a form that sends a text to {@link Echo}, and shows the answer. */
final class EchoForm implements Answer {

    private static final String BODY = """
            <p><textarea id="text" rows="3" cols="40">hello</textarea>
            <button id="send">POST it</button></p>
            <pre id="answer"></pre>
            <script>
            const byId = id => document.getElementById(id);
            byId("send").onclick = async () => {
              const answer = await fetch("/echo", {method: "POST", body: byId("text").value});
              byId("answer").textContent = await answer.text();
            };
            </script>
            """;

    @Override
    public void begin(Exchange exchange) {
        exchange.reply(HttpResponseStatus.OK, ContentType.HTML, Html.page("Echo", BODY));
    }
}
