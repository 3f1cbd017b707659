package dev.supervisor.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Event;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the save of a source to the next answer. */
@Timeout(180)
final class ResidentBuildIT {

    private static final int SAVES = Integer.getInteger("saves", 200);

    private static final String APPLICATION = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.buffer.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import java.nio.charset.StandardCharsets;

            public class App extends ChannelInitializer<Channel> implements Application {
                @Override public void start(ApplicationContext context) { context.listener().serve(this); }
                @Override protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65536),
                            new SimpleChannelInboundHandler<FullHttpRequest>() {
                        @Override protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                            var body = Unpooled.copiedBuffer(Answer.TEXT, StandardCharsets.UTF_8);
                            var response = new DefaultFullHttpResponse(
                                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
                            response.headers().set("Content-Length", body.readableBytes());
                            context.writeAndFlush(response);
                        }
                    });
                }
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(source().getParent());
        Files.writeString(source().resolveSibling("App.java"), APPLICATION);
        Path services = directory.resolve("src/META-INF/services");
        Files.createDirectories(services);
        Files.writeString(services.resolve("dev.supervisor.spi.Application"), "app.App\n");
        Files.writeString(source(), answer("v0"));
    }

    private Path source() {
        return directory.resolve("src/app/Answer.java");
    }

    private static String answer(String text) {
        return "package app;\nclass Answer {\n    static final String TEXT = \"" + text + "\";\n}\n";
    }

    private static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    /** A project with tests, as a plugin of a build tool describes it. */
    private Running startWithTests(List<Path> testClassPath) {
        Path classes = directory.resolve("classes");
        ProjectOfOptions options = new ProjectOfOptions(
                directory, classes, List.of(), List.of(directory.resolve("src")), List.of("-proc:none"), classPath());
        List<Path> all = new ArrayList<>(testClassPath);
        all.add(0, classes);
        Project.Tests tests = new Project.Tests(
                List.of(directory.resolve("tests")),
                directory.resolve("test-classes"),
                directory.resolve("generated-tests"),
                all,
                List.of(),
                List.of(),
                List.of("-g"),
                List.of(),
                List.of());
        Project known = options.read();
        Project project = new Project(
                directory,
                classes,
                List.of(),
                List.of(),
                List.of(known.modules().get(0).with(tests)));
        ProjectSource source = new ProjectSource() {
            @Override
            public Project read() {
                return project;
            }

            @Override
            public boolean isOutdated() {
                return false;
            }

            @Override
            public Delegate delegate() {
                return Delegate.none();
            }
        };
        ResidentBuild build = new ResidentBuild(
                        source, "javac", ProjectOfOptions.state(classes), List.of(), Optional.empty())
                .withTests();
        return Running.http(classes, more -> {
            build.addTo(more);
            return more;
        });
    }

    private Running start() {
        Path classes = directory.resolve("classes");
        ProjectOfOptions source = new ProjectOfOptions(
                directory, classes, List.of(), List.of(directory.resolve("src")), List.of("-proc:none"), classPath());
        ResidentBuild build =
                new ResidentBuild(source, "javac", ProjectOfOptions.state(classes), List.of(), Optional.empty());
        return Running.http(classes, options -> {
            build.addTo(options);
            return options;
        });
    }

    private void saveInPlace(String content) throws IOException {
        Files.writeString(source(), content);
    }

    private void saveByMoving(String content) throws IOException {
        Path next = source().resolveSibling("Answer.java.tmp~");
        Files.writeString(next, content);
        Files.move(next, source(), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aRequestThatIsSentAfterASaveIsNeverAnsweredByTheOldBuild() throws Exception {
        try (Running running = start();
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v0", established.get("/").body());
            for (int save = 1; save <= SAVES; save++) {
                if (save % 2 == 0) {
                    saveInPlace(answer("v" + save));
                } else {
                    saveByMoving(answer("v" + save));
                }
                String body = save % 3 == 0
                        ? Client.get(running.address(), "/").body()
                        : established.get("/").body();
                assertEquals("v" + save, body);
            }
        }
    }

    @Test
    void anErrorIsShownByTheNextAnswerAndIsGoneByTheOneAfterItsMend() throws Exception {
        try (Running running = start();
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            for (int save = 1; save <= 5; save++) {
                saveInPlace(answer("v" + save).replace("static", "sttic"));
                Client.Answer page = established.get("/");
                assertEquals(503, page.status());
                assertTrue(page.body().contains("src/app/Answer.java:3"), page.body());
                saveByMoving(answer("v" + save));
                assertEquals("v" + save, established.get("/").body());
            }
        }
    }

    @Test
    void aTestThatTakesLongDelaysNoSwap() throws Exception {
        Path test = directory.resolve("tests/app/AnswerTest.java");
        Path begun = directory.resolve("begun");
        Files.createDirectories(test.getParent());
        Files.writeString(test, """
                package app;
                class AnswerTest {
                    @org.junit.jupiter.api.Test void takesLong() throws Exception {
                        java.nio.file.Files.writeString(java.nio.file.Path.of("BEGUN"), Answer.TEXT);
                        Thread.sleep(600_000);
                    }
                }
                """.replace("BEGUN", begun.toString()));
        List<Path> junit = classPath().stream()
                .filter(path -> path.toString().matches(".*/(junit|opentest4j|apiguardian|jspecify)[^/].*\\.jar"))
                .toList();
        try (Running running = startWithTests(junit);
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            for (int save = 1; save <= 5; save++) {
                String before = "v" + (save - 1);
                while (!Files.exists(begun) || !Files.readString(begun).equals(before)) {
                    Thread.sleep(10); // the time-out of the test is the limit
                }
                saveInPlace(answer("v" + save));
                assertEquals("v" + save, established.get("/").body());
            }
            assertEquals(List.of(), running.events(Event.Tested.class));
            assertEquals(List.of(), running.events(Event.NotTested.class));
        }
    }

    @Test
    void aSourceThatIsWrittenInPartsIsNoFailure() throws Exception {
        try (Running running = start()) {
            running.awaitServing(1);
            for (int save = 1; save <= 5; save++) {
                byte[] content = answer("v" + save).getBytes(StandardCharsets.UTF_8);
                try (FileChannel file =
                        FileChannel.open(source(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                    running.await(Event.Building.class);
                    file.write(java.nio.ByteBuffer.wrap(content, 0, content.length / 2));
                    file.write(
                            java.nio.ByteBuffer.wrap(content, content.length / 2, content.length - content.length / 2));
                }
                assertEquals("v" + save, Client.get(running.address(), "/").body());
            }
            assertEquals(List.of(), running.events(Event.Failed.class));
        }
    }
}
