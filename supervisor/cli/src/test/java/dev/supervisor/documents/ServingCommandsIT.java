package dev.supervisor.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Document;
import dev.supervisor.testing.DocumentShell;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.testing.Tool;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each command of the documents that starts a supervisor has it serve; the others in its block are run beside it. */
@Timeout(300)
@SameOnEveryJdk
@EnabledOnOs(value = OS.LINUX, disabledReason = "the documents have lines for a POSIX shell, and systemd")
final class ServingCommandsIT {

    private static final Pattern STARTS = Pattern.compile("(?:\\w+=\\S+ )*supervisor -.*", Pattern.DOTALL);
    private static final Pattern ACTIVATED = Pattern.compile("systemd-socket-activate -l (\\d+) .*", Pattern.DOTALL);

    private static final Pattern PORT = Pattern.compile("--port (\\d+)");

    /** Listens where its arguments, or a variable, say; by default on the first of the documents' ports. */
    private static final String PROGRAM = """
            package com.acme;

            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;
            import java.util.Map;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    String port = System.getenv().getOrDefault("QUARKUS_HTTP_PORT", "8080");
                    for (String argument : arguments) {
                        port = argument.replace("--server.port=", "");
                    }
                    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(port)), 0);
                    server.createContext("/", exchange -> {
                        exchange.sendResponseHeaders(200, -1);
                        exchange.close();
                    });
                    server.start();
                }
            }
            """;

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private DocumentShell shell;

    static List<Document.Block> blocks() {
        return Claim.all().stream()
                .filter(claim -> claim.tests().contains("ServingCommandsIT"))
                .map(Claim::block)
                .toList();
    }

    /** Whatever the documents name. */
    @BeforeEach
    void write() throws Exception {
        shell = new DocumentShell(directory);
        TestBuild application = Apps.http("v1");
        TestBuild program = TestBuild.of(shell.here(PROGRAM)).withMainClass("com.acme.Main");
        for (String jar : List.of("app.jar", "build/libs/app.jar")) {
            application.moveTo(shell.file(jar));
        }
        for (String jar : List.of("target/app.jar", "target/quarkus-app/quarkus-run.jar")) {
            program.moveTo(shell.file(jar));
        }
        application.with(program.entries()).explodeTo(shell.file("target/classes"));
        for (String libraries : List.of("lib", "libs", "target/dependency", "etc/supervisor")) {
            Files.createDirectories(shell.file(libraries));
        }
        writeCertificates();
        shell.write(".curlrc", "resolve = \"ops.example.com:9901:127.0.0.1\"\n");
        shell.write("src/main/java/app/HttpApp.java", Apps.HTTP);
        shell.write("src/main/java/com/acme/Main.java", PROGRAM);
        for (Map.Entry<String, byte[]> entry : application.entries().entrySet()) {
            if (!entry.getKey().endsWith(".class")) {
                shell.write(
                        "src/main/resources/" + entry.getKey(), new String(entry.getValue(), StandardCharsets.UTF_8));
            }
        }
    }

    /** Certificates of the names that the documents give to them, each of which is its own authority. */
    private void writeCertificates() throws Exception {
        for (String name :
                List.of("cert.pem key.pem", "a.pem a.key", "b.pem b.key", "mqtt.pem mqtt.key", "devices.pem ca.key")) {
            X509Bundle bundle = new CertificateBuilder()
                    .subject("CN=localhost")
                    .addSanDnsName("localhost")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
            String[] files = name.split(" ");
            Files.writeString(shell.file(files[0]), bundle.getCertificatePathPEM());
            Files.writeString(shell.file(files[1]), bundle.getPrivateKeyPEM());
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void itServes(Document.Block block) throws Exception {
        Command supervisor = null;
        try {
            for (String command : block.commands()) {
                if (STARTS.matcher(command).matches()
                        || ACTIVATED.matcher(command).matches()) {
                    end(supervisor);
                    supervisor = start(command);
                } else {
                    shell.run(command);
                }
            }
        } finally {
            end(supervisor);
        }
    }

    private Command start(String command) throws Exception {
        Matcher activated = ACTIVATED.matcher(command);
        Matcher port = PORT.matcher(command);
        Command supervisor = activate(activated, command);
        supervisor.await(".*generation 1 serving .*");
        if (port.find()) {
            InetSocketAddress address = shell.address(Integer.parseInt(port.group(1)));
            assertEquals(200, Client.get(address, "/").status(), command);
        }
        return supervisor;
    }

    /** Starts it, and connects if it is the connection that starts it. */
    private Command activate(Matcher activated, String command) throws Exception {
        if (!activated.matches()) {
            return shell.start(command);
        }
        Tool.find("systemd-socket-activate", "systemd");
        Command parent = shell.start(command);
        parent.await("Listening on .*");
        Client.connect(shell.address(Integer.parseInt(activated.group(1)))).close();
        return parent;
    }

    private static void end(@Nullable Command supervisor) {
        if (supervisor != null) {
            supervisor.close();
        }
    }
}
