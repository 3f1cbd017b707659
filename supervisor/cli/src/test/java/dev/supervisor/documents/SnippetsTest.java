package dev.supervisor.documents;

import dev.supervisor.testing.Document;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TestBuild;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The lines of Java in the documents compile, in a class that has what they are about. */
@SameOnEveryJdk
final class SnippetsTest {

    private static final String IMPORTS = """
            package snippets;

            import dev.supervisor.spi.*;
            import io.netty.bootstrap.ServerBootstrap;
            import io.netty.channel.*;
            import io.netty.channel.socket.DatagramPacket;

            """;

    /** A method around statements. */
    private static final String STATEMENTS = IMPORTS + """
            abstract class Snippet {
                void snippet(ApplicationContext context, ApplicationContext supervisor, Channel channel, ChannelHandler handler,
                        ChannelHandlerContext connection) throws Exception {
                    SNIPPET
                }
            }
            """;

    /** A method itself, in a handler. */
    private static final String METHOD = IMPORTS + """
            abstract class Snippet extends ChannelInboundHandlerAdapter {
                ApplicationContext context;
                ApplicationContext supervisor;
                boolean moveLater;
                abstract boolean nothingIsUnderWay();
                abstract boolean hasAnswersUnderWay();
                SNIPPET
            }
            """;

    /** In a handler whose parameter has the name of the application's context. */
    private static final String HAND_OFF = IMPORTS + """
            abstract class Snippet extends ChannelInboundHandlerAdapter {
                interface Subscriptions { byte[] toJson(); }
                ApplicationContext supervisor;
                Subscriptions subscriptions;
                abstract void subscribeAgain(byte[] state);
                void snippet(ChannelHandlerContext context, Channel channel) {
                    SNIPPET
                }
            }
            """;

    private static final String MAIN = IMPORTS + """
            class Hello implements Application {
                public void start(ApplicationContext context) {}
                SNIPPET
            }
            """;

    static List<Arguments> snippets() {
        return Stream.of(
                        Arguments.of("docs/application.md", "new ServerBootstrap()", STATEMENTS),
                        Arguments.of("docs/application.md", "context.datagramListener", STATEMENTS),
                        Arguments.of("docs/application.md", "public static void main", MAIN),
                        Arguments.of("docs/connections.md", "public void userEventTriggered", METHOD),
                        Arguments.of("docs/embedding.md", "import dev.supervisor.Event", "SNIPPET"),
                        Arguments.of("docs/embedding.md", "dev.supervisor.unload.places", STATEMENTS),
                        Arguments.of("docs/tls.md", "context.tlsSession", STATEMENTS),
                        Arguments.of("docs/websockets.md", "@Override", METHOD),
                        Arguments.of("docs/websockets.md", "supervisor.handOff", HAND_OFF))
                .toList();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("snippets")
    void itCompiles(String document, String beginning, String frame) {
        TestBuild.of(frame.replace(
                "SNIPPET", Document.read(document).block(beginning).text()));
    }
}
