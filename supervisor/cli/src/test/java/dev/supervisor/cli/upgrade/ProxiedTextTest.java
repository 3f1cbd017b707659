package dev.supervisor.cli.upgrade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import dev.supervisor.ProxyProtocol.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxiedTextTest {

    private static final Gson GSON = new Gson();

    @ParameterizedTest
    @CsvSource({
        "198.51.100.7, 4711, 203.0.113.1, 443",
        "2001:db8::7, 0, 2001:db8::1, 65535",
        "198.51.100.7, 1, 2001:db8::1, 2"
    })
    void whatIsWrittenIsRead(String client, int clientPort, String server, int serverPort) throws IOException {
        Addresses addresses = new Addresses(
                Optional.of(new InetSocketAddress(client, clientPort)),
                Optional.of(new InetSocketAddress(server, serverPort)));
        Message message = Message.connection("http", new byte[0], Optional.of(addresses));
        assertEquals(
                Optional.of(addresses),
                GSON.fromJson(GSON.toJson(message), Message.class).addresses());
    }

    @Test
    void whatIsNotKnownStaysSo() throws IOException {
        Message message = Message.connection("http", new byte[0], Optional.of(Addresses.UNKNOWN));
        assertEquals(
                Optional.of(Addresses.UNKNOWN),
                GSON.fromJson(GSON.toJson(message), Message.class).addresses());
        assertEquals(
                Optional.empty(),
                Message.connection("http", new byte[0], Optional.empty()).addresses());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "known",
                "1.2.3.4 5",
                "1.2.3.4 5 6.7.8.9",
                "localhost 5 6.7.8.9 10",
                "1.2.3.4 65536 6.7.8.9 10",
                "1.2.3.4 5 6.7.8.9 -1",
                "1.2.3.4 5 6.7.8.9 10 11"
            })
    void anythingElseIsAnError(String text) {
        assertThrows(IOException.class, () -> ProxiedText.parse(text));
    }

    /** Of a version before the addresses of proxies. */
    @Test
    void aMessageWithoutTheFieldTellsOfNoProxy() throws IOException {
        Message connection = GSON.fromJson(
                "{'type':'CONNECTION','protocol':1,'generation':0,'names':['http'],'own':[],'text':''}", Message.class);
        assertEquals(Optional.empty(), connection.addresses());
        Message ready = GSON.fromJson(
                "{'type':'READY','protocol':1,'generation':0,'names':['http'],'own':[],'text':''}", Message.class);
        assertFalse(ready.knowsProxies());
        assertTrue(Message.ready(List.of()).knowsProxies());
    }
}
