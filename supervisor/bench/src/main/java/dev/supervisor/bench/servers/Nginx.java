package dev.supervisor.bench.servers;

import dev.supervisor.bench.tools.Polling;
import dev.supervisor.bench.tools.Ports;
import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * nginx as a reverse proxy, tuned as its documentation recommends: it keeps its connections to the server behind it.
 */
public final class Nginx {

    private static final String CONFIGURATION = """
            daemon off;
            worker_processes auto;
            pid %1$s/nginx.pid;
            error_log stderr warn;
            events {
                worker_connections 4096;
            }
            http {
                access_log off;
                keepalive_requests 1000000000;
                client_body_temp_path %1$s/body;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                uwsgi_temp_path %1$s/uwsgi;
                scgi_temp_path %1$s/scgi;
                upstream behind {
                    server 127.0.0.1:%2$d;
                    keepalive 64;
                    keepalive_requests 1000000000;
                }
                server {
                    listen 127.0.0.1:%3$d backlog=4096%4$s;
                    %5$s
                    location / {
                        proxy_pass http://behind;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                    }
                }
            }
            """;

    private Nginx() {}

    public static String installed() {
        return Programs.installed("nginx", "nginx-light");
    }

    /** Starts nginx, and returns its master process; the workers are its children. */
    public static ServerProcess start(ScratchDirectory scratch, InetSocketAddress behind) throws Exception {
        return start(scratch.make("nginx"), behind, "http", "", "");
    }

    /** The same, and nginx ends TLS. */
    public static ServerProcess start(ScratchDirectory scratch, InetSocketAddress behind, TlsFiles tls)
            throws Exception {
        String keys = "ssl_certificate %s; ssl_certificate_key %s; ssl_protocols TLSv1.2 TLSv1.3;"
                .formatted(tls.certificate(), tls.key());
        return start(scratch.make("nginx-tls"), behind, "https", " ssl", keys);
    }

    private static ServerProcess start(
            Path directory, InetSocketAddress behind, String scheme, String listen, String more) throws Exception {
        int port = Ports.free();
        Path file = directory.resolve("nginx.conf");
        Files.writeString(file, CONFIGURATION.formatted(directory, behind.getPort(), port, listen, more));
        // nginx does not print where it listens
        String saying = "echo \"~> " + scheme + "://127.0.0.1:" + port + "/\"; exec \"$0\" -e stderr -c \"$1\"";
        ServerProcess server = ServerProcess.start("", List.of("sh", "-c", saying, installed(), file.toString()));
        Polling.await("nginx", () -> accepts(port));
        return server;
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
