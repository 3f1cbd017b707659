package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;

/** The files of docs/deploy are such as their readers accept. */
@SameOnEveryJdk
final class DeployFilesTest {

    private static final Path FILES = Path.of("../../docs/deploy");
    private static final String SCRIPT = "/opt/supervisor/bin/supervisor";
    private static final Pattern VERSION = Pattern.compile("systemd (\\d+)");
    private static final int WITH_NOTIFY_RELOAD = 253;

    @TempDir
    private Path directory;

    @Test
    void systemdUnderstandsTheUnits() throws Exception {
        Tool analyze = Tool.find("systemd-analyze", "systemd");
        String service = Files.readString(FILES.resolve("supervisor.service"));
        assertTrue(service.contains(SCRIPT));
        String runnable =
                service.replace(SCRIPT, Path.of("/bin/true").toRealPath().toString());
        Path unit = Files.writeString(
                directory.resolve("supervisor.service"),
                version(analyze) < WITH_NOTIFY_RELOAD ? withoutNotifyReload(runnable) : runnable);
        Path socket = Files.copy(FILES.resolve("supervisor.socket"), directory.resolve("supervisor.socket"));
        try (Tool.Run run = analyze.start("verify", "--man=no", unit.toString(), socket.toString())) {
            assertEquals("", run.report());
        }
    }

    private static int version(Tool analyze) throws Exception {
        try (Tool.Run run = analyze.start("--version")) {
            Matcher version = VERSION.matcher(run.report());
            assertTrue(version.find());
            return Integer.parseInt(version.group(1));
        }
    }

    /** Returns the unit as its comment says. */
    private static String withoutNotifyReload(String unit) {
        Matcher before = Pattern.compile("# Before systemd 253: (Type=notify), and (ExecReload=.*)\nType=notify-reload")
                .matcher(unit);
        assertTrue(before.find());
        return before.replaceFirst("$1\n$2");
    }

    @Test
    void launchdGetsAPropertyList() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        DocumentBuilder parser = factory.newDocumentBuilder();
        NodeList keys = parser.parse(FILES.resolve("dev.supervisor.plist").toFile())
                .getDocumentElement()
                .getElementsByTagName("key");
        List<String> names = IntStream.range(0, keys.getLength())
                .mapToObj(i -> keys.item(i).getTextContent())
                .toList();
        assertTrue(names.containsAll(List.of("Label", "ProgramArguments", "Sockets", "inetdCompatibility")));
    }
}
