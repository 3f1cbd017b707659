package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Event;
import dev.supervisor.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BrowserTest {

    private static String url(String address) throws Exception {
        return Browser.urlOf(Protocol.HTTP, new InetSocketAddress(InetAddress.getByName(address), 80));
    }

    @Test
    void anAddressOfAllInterfacesIsThisMachine() throws Exception {
        assertEquals("http://127.0.0.1:80/", url("0.0.0.0"));
        assertEquals("http://[::1]:80/", url("::"));
        assertEquals("http://10.0.0.7:80/", url("10.0.0.7"));
    }

    @Test
    void whereThereIsNothingToOpenItSaysSo() throws Exception {
        List<String> complaints = new ArrayList<>();
        Browser browser = new Browser(complaints::add);
        browser.accept(new Event.Listening(
                "tcp", Protocol.STREAM, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
        assertEquals(Optional.empty(), browser.open());
        assertEquals(List.of("there is no socket for HTTP to open (--port N)"), complaints);
    }

    @Test
    void eachSystemHasItsOwnCommand() {
        assertEquals(List.of("xdg-open", "http://a/"), Browser.command("Linux", "http://a/"));
        assertEquals(List.of("open", "http://a/"), Browser.command("Mac OS X", "http://a/"));
        assertEquals(List.of("cmd", "/c", "start", "", "http://a/"), Browser.command("Windows 11", "http://a/"));
    }
}
