package dev.supervisor.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Document;
import dev.supervisor.testing.DocumentShell;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The lines for proxies in docs/deploy.md: no client behind one of them notices a swap. */
@Timeout(300)
@SameOnEveryJdk
@EnabledOnOs(value = OS.LINUX, disabledReason = "the proxies are of Debian")
final class ProxiesIT {

    private static final int SWAPS = 3;

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private DocumentShell shell;

    @BeforeEach
    void prepare() throws Exception {
        shell = new DocumentShell(directory);
        Apps.http("v1").moveTo(shell.file("app.jar"));
    }

    private static String lines(String beginning) {
        return Document.read("docs/deploy.md").block(beginning).text();
    }

    @Test
    void nginx() throws Exception {
        Path nginx = Tool.find("nginx", "nginx-light").command();
        shell.write("nginx.conf", """
                daemon off; master_process off; pid nginx.pid; error_log stderr; events {}
                http {
                access_log off;
                client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                """ + lines("upstream app") + "}\n");
        isNotNoticed(nginx + " -p . -c nginx.conf");
    }

    @Test
    void haproxy() throws Exception {
        Path haproxy = Tool.find("haproxy", "haproxy").command();
        shell.write("haproxy.cfg", lines("defaults"));
        isNotNoticed(haproxy + " -db -f haproxy.cfg");
    }

    @Test
    void caddy() throws Exception {
        Path caddy = Tool.find("caddy", "caddy").command();
        // Without the name Caddy has no certificate to get.
        shell.write("Caddyfile", "{\nadmin off\n}\n" + lines("example.com {").replace("example.com", "http://:80"));
        isNotNoticed(caddy + " run --config Caddyfile --adapter caddyfile");
    }

    private void isNotNoticed(String proxy) throws Exception {
        try (Command supervisor = shell.start("supervisor --port 8888 --app app.jar")) {
            supervisor.await("generation 1 serving .*");
            try (Command running = shell.start("exec " + proxy);
                    Client client = connect(running)) {
                assertEquals("v1", version(client));
                for (int version = 2; version <= 1 + SWAPS; version++) {
                    Apps.http("v" + version).moveTo(shell.file("app.jar"));
                    awaitVersion(client, version);
                }
            }
        }
    }

    /** Asks all the time. Until the change has been seen the old build answers. */
    private static void awaitVersion(Client client, int version) throws Exception {
        Await.until("v" + version + " answers", () -> version(client).equals("v" + version));
    }

    private static String version(Client client) throws IOException {
        Client.Answer answer = client.get("/");
        assertEquals(200, answer.status(), answer::body);
        return answer.body().replaceFirst(" .*", "");
    }

    private Client connect(Command proxy) throws Exception {
        InetSocketAddress address = shell.address(80);
        List<Client> connected = new ArrayList<>();
        Await.until("the proxy listens: " + proxy.transcript(), () -> {
            try {
                return connected.add(Client.connect(address));
            } catch (IOException e) {
                return false;
            }
        });
        return connected.get(0);
    }
}
