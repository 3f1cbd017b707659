package dev.supervisor.testing;

import dev.supervisor.OnBusy;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.BuildTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Sources of an application that a script of its own builds, in a directory. */
public final class Project {

    private static final String APP = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.buffer.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import java.nio.charset.StandardCharsets;

            public class App implements Application {
                public void start(ApplicationContext context) {
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65536), new Page());
                        }
                    });
                }

                static class Page extends SimpleChannelInboundHandler<FullHttpRequest> {
                    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                        ByteBuf body = Unpooled.copiedBuffer(Text.text(), StandardCharsets.UTF_8);
                        FullHttpResponse response =
                                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
                        response.headers().set("Content-Length", body.readableBytes());
                        context.writeAndFlush(response);
                    }
                }
            }
            """;

    private final Path directory;

    private Project(Path directory) {
        this.directory = directory;
    }

    /** Its page says this text. */
    public static Project create(Path directory, String text) throws IOException {
        Project project = new Project(directory);
        project.write("src/app/App.java", APP);
        project.say(text);
        project.write("build.sh", BuildService.script());
        return project;
    }

    public Path jar() {
        return directory.resolve("app.jar");
    }

    /** Saves a source by which the page says another text. */
    public void say(String text) throws IOException {
        write("src/app/Text.java", """
                package app;

                class Text {
                    static String text() {
                        return "%s";
                    }
                }
                """.formatted(text));
    }

    public void write(String file, String content) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    /** How often it has been built. */
    public long builds() throws IOException {
        Path log = directory.resolve("builds.txt");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    public SupervisorOptions.Builder built(SupervisorOptions.Builder options) {
        return built(options, "sh build.sh", OnBusy.RESTART);
    }

    public SupervisorOptions.Builder built(SupervisorOptions.Builder options, String command, OnBusy onBusy) {
        return options.buildTool(tool(command, onBusy, Duration.ofMillis(50)));
    }

    public BuildTool tool(String command, OnBusy onBusy, Duration settle) {
        return new BuildTool(command, directory, List.of(directory.resolve("src")), List.of(), settle, onBusy);
    }
}
