package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.spi.Application;
import dev.supervisor.spi.ApplicationContext;
import dev.supervisor.spi.Listener;
import dev.supervisor.spi.Standalone;
import dev.supervisor.spi.Superseded;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Tool;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Applications of the SPI as programs of their own, with real parents. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the parents are of Linux")
class StandaloneIT {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Path LIBRARIES =
            Command.SCRIPT.resolveSibling("../lib").normalize();
    private static final Path DEMO =
            Path.of("../../demo-app/target/demo-app.jar").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    private static List<String> java(Path classes, Class<?> program, String... arguments) {
        return java(classes, program.getName(), arguments);
    }

    private static List<String> java(Path classes, String program, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(JAVA, "-cp", classes + File.pathSeparator + LIBRARIES.resolve("*"), program));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> program(String... names) {
        return java(Path.of("target/test-classes").toAbsolutePath(), Program.class, names);
    }

    private Command startBelow(String kind, String... names) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Tool.find("python3", "python3").command().toString(),
                Files.writeString(directory.resolve("parent.py"), InheritIT.PARENT)
                        .toString(),
                kind));
        command.addAll(program(names));
        return Command.start(directory, Map.of(), command);
    }

    private static InetSocketAddress address(Command command, String name) throws InterruptedException {
        String line = command.await(name + " listens on .*:\\d+");
        return new InetSocketAddress(NetUtil.LOCALHOST4, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
    }

    @Test
    void socketsOfSystemdAreServedByTheirNames() throws Exception {
        int four = FreePort.find();
        int six = FreePort.find();
        Path unix = directory.resolve("u.sock");
        List<String> command = new ArrayList<>(List.of(
                Tool.find("systemd-socket-activate", "systemd").command().toString(),
                "-l[::1]:" + six,
                "-l" + unix,
                "-l127.0.0.1:" + four,
                "--fdname=six:unix:four"));
        command.addAll(program("bound", "four", "six", "unix"));
        try (Command started = Command.start(directory, Map.of(), command)) {
            started.await("Listening on .*" + four + ".*");
            assertEquals(
                    "four",
                    Client.get(new InetSocketAddress(NetUtil.LOCALHOST4, four), "/")
                            .body());
            assertEquals(
                    "six",
                    Client.get(new InetSocketAddress(NetUtil.LOCALHOST6, six), "/")
                            .body());
            assertEquals("bound", Client.get(address(started, "bound"), "/").body());
            try (Client client = Client.connect(unix)) {
                assertEquals("unix", client.get("/").body());
            }
            started.await("unix listens on " + unix);
            started.signal("TERM");
            assertEquals(0, started.exitCode());
        }
        assertTrue(Files.exists(unix), "the file is systemd's");
    }

    @ParameterizedTest
    @CsvSource({"stream, http", "named, http-named"})
    void theSocketOfTheParentIsServedWhichGoesOnAccepting(String kind, String name) throws Exception {
        try (Command parent = startBelow(kind, name, "admin")) {
            String child = parent.await("child \\d+").substring("child ".length());
            InetSocketAddress address = address(parent, name);
            assertEquals(name, Client.get(address, "/").body());
            assertEquals("admin", Client.get(address(parent, "admin"), "/").body());
            ProcessHandle.of(Long.parseLong(child)).orElseThrow().destroy();
            Await.end(Long.parseLong(child));
            if (kind.equals("stream")) {
                try (Client client = Client.connect(address)) {
                    assertEquals("the parent", client.line());
                }
            }
            assertEquals(0, parent.exitCode());
        }
    }

    @Test
    void socketsForAnotherProcessAreLeftAlone() throws Exception {
        try (Command parent = startBelow("foreign", "http")) {
            String child = parent.await("child \\d+").substring("child ".length());
            parent.await("the sockets of the parent process are not used: LISTEN_PID names process 1, and this is "
                    + child + " .*");
            assertEquals("http", Client.get(address(parent, "http"), "/").body());
            ProcessHandle.of(Long.parseLong(child)).orElseThrow().destroy();
            assertEquals(0, parent.exitCode());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "datagram, it is no stream socket.*",
        "file, it is no socket",
        "closed, it is no socket",
        "connected, it does not listen.*"
    })
    void aDescriptorThatDoesNotFitIsNamed(String kind, String message) throws Exception {
        try (Command parent = startBelow(kind, "http")) {
            parent.await("can't use descriptor 10 of the parent process for the listener 'http': " + message);
            assertEquals(1, parent.exitCode());
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM", "INT"})
    void aSignalLetsRequestsUnderWayFinish(String signal) throws Exception {
        try (Command started = Command.start(directory, Map.of(), program("http", "admin"))) {
            InetSocketAddress address = address(started, "http");
            try (Client idle = Client.connect(address);
                    Client busy = Client.connect(address);
                    Client other = Client.connect(address(started, "admin"))) {
                assertEquals("http", idle.get("/").body());
                busy.send("GET /end HTTP/1.1\r\nHost: a\r\n\r\n");
                other.send("GET /end HTTP/1.1\r\nHost: a\r\n\r\n");
                started.await("http waits");
                started.await("admin waits");
                started.signal(signal);
                Answer answer = busy.answer();
                assertEquals("http ends", answer.body());
                assertEquals("close", answer.header("connection"));
                assertEquals("admin ends", other.answer().body());
                assertTrue(busy.isClosed());
                assertTrue(idle.isClosed());
            }
            started.await("closed");
            assertEquals(0, started.exitCode());
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        try (Command started = Command.start(directory, Map.of(), program("http"))) {
            try (Client busy = Client.connect(address(started, "http"))) {
                busy.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
                started.await("http waits");
                started.signal("TERM");
                started.await("http ends");
                started.signal("TERM");
                assertEquals(128 + 15, started.exitCode());
            }
            assertFalse(started.hasSaid("closed"));
        }
    }

    @Test
    void whatFailsIsPrinted() throws Exception {
        Map<String, String> wrong = Map.of("LISTEN_ADDRESS_HTTP", "nonsense");
        try (Command started = Command.start(directory, wrong, program("http"))) {
            started.await("LISTEN_ADDRESS_HTTP is 'nonsense', which is no address: .*");
            assertEquals(1, started.exitCode());
        }
        try (Command started = Command.start(directory, Map.of(), program("http", "broken"))) {
            started.await(".*Program failed to start: java.lang.UnsupportedOperationException: broken");
            started.await("\tat dev.supervisor.*Program.start.*");
            assertEquals(1, started.exitCode());
            assertFalse(started.hasSaid("closed"));
        }
    }

    @Test
    void theDemoRunsByTheCommandOfTheReadme() throws Exception {
        int port = FreePort.find();
        Map<String, String> environment = Map.of("LISTEN_ADDRESS_HTTP", Integer.toString(port));
        List<String> command = java(DEMO, "dev.supervisor.demo.DemoApplication");
        try (Command started = Command.start(directory, environment, command)) {
            started.await("\\[demo-app] .* generation 1 serves /127.0.0.1:" + port);
            Answer page = Client.get(new InetSocketAddress(NetUtil.LOCALHOST4, port), "/");
            assertTrue(page.body().contains("Generation 1"), page.body());
            started.signal("INT");
            assertEquals(0, started.exitCode());
            assertFalse(started.transcript().contains("WARNING"), started.transcript());
        }
    }

    /** Serves a listener for each argument, by {@code serve} and by a bootstrap in turn. */
    public static final class Program implements Application {

        /** @param names of the listeners; fails if there is one named {@code broken} */
        public static void main(String[] names) {
            Standalone.Builder builder = Standalone.listen(names[0], 0);
            for (int i = 1; i < names.length; i++) {
                builder.listen(names[i], 0);
            }
            builder.run(new Program(), names);
        }

        @Override
        public void start(ApplicationContext context) {
            List<String> names = context.arguments();
            if (names.contains("broken")) {
                throw new UnsupportedOperationException("broken");
            }
            for (Listener listener : context.listeners()) {
                serve(context, listener, names.indexOf(listener.name()) % 2 == 0);
                System.out.println(listener.name() + " listens on " + listener.address());
            }
        }

        private static void serve(ApplicationContext context, Listener listener, boolean shortly) {
            ChannelHandler pipeline = new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel connection) {
                    connection.pipeline().addLast(new HttpServerCodec(), new Greeting(listener.name()));
                }
            };
            if (shortly) {
                listener.serve(pipeline);
            } else {
                new ServerBootstrap()
                        .group(context.eventLoopGroup())
                        .channelFactory(listener::open)
                        .childHandler(pipeline)
                        .bind(0)
                        .syncUninterruptibly();
            }
        }

        @Override
        public void close() {
            System.out.println("closed");
        }
    }

    /** Answers with the name of the listener: at once, at the end of the generation, or never. */
    private static final class Greeting extends ChannelInboundHandlerAdapter {

        private final String name;
        private String path = "";

        Greeting(String name) {
            this.name = name;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest request) {
                path = request.uri();
                if (path.equals("/")) {
                    answer(ctx, name);
                } else {
                    System.out.println(name + " waits");
                }
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == Superseded.INSTANCE) {
                System.out.println(name + " ends");
                if (path.equals("/end")) {
                    answer(ctx, name + " ends");
                }
            }
        }

        private static void answer(ChannelHandlerContext ctx, String text) {
            var body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
            var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            HttpUtil.setContentLength(response, body.readableBytes());
            ctx.writeAndFlush(response).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }
}
