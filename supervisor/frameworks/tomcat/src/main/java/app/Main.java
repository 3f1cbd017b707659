package app;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** Embedded Tomcat, with a thread per request. */
public class Main extends HttpServlet {
    private final String version;

    private Main(String version) {
        this.version = version;
    }

    public static void main(String[] args) throws IOException, LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        tomcat.setPort(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")));
        tomcat.getConnector();
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "main", new Main(version()));
        context.addServletMappingDecoded("/", "main");
        tomcat.start();
        tomcat.getServer().await();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        switch (request.getServletPath()) {
            case "/" -> {}
            case "/slow" -> pause(Integer.parseInt(request.getParameter("millis")));
            case "/stream" -> {
                for (int i = 1; i < 5; i++) {
                    response.getWriter().write(i + "\n");
                    response.flushBuffer();
                    pause(20);
                }
            }
            default -> {
                response.sendError(404);
                return;
            }
        }
        response.getWriter().write(version);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        request.getInputStream().transferTo(response.getOutputStream());
    }

    /** Answers each method alike, and in a way of its own at each path, for tests that look at each byte. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        response.setHeader("Version", version.strip());
        switch (request.getServletPath()) {
            case "/message" -> {
                byte[] message = message(request);
                response.setContentLength(message.length);
                response.getOutputStream().write(message);
            }
            case "/chunks" -> {
                if (request.getProtocol().equals("HTTP/1.1")) {
                    response.setTrailerFields(() -> Map.of("check", version.strip()));
                }
                response.getOutputStream().write(message(request));
                response.flushBuffer();
                response.getOutputStream().print(version);
            }
            case "/close" -> {
                response.setHeader("Connection", "close");
                response.getOutputStream().write(message(request));
                response.flushBuffer();
                response.getOutputStream().print(version);
            }
            case "/refuse" -> response.setStatus(403);
            case "/nothing" -> response.setStatus(204);
            default -> super.service(request, response);
        }
    }

    /** What was asked. */
    private byte[] message(HttpServletRequest request) throws IOException {
        String line = version + request.getMethod() + " " + request.getQueryString() + "\n";
        String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return (line + body).getBytes(StandardCharsets.UTF_8);
    }

    private static void pause(int millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    private static String version() throws IOException {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return version.lines().findFirst().orElseThrow() + "\n";
        }
    }
}
