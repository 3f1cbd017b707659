package dev.supervisor.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

    private static Optional<SocketAddress> ofVariable(String value) {
        return ListenAddress.override("http", new Properties(), Map.of("LISTEN_ADDRESS_HTTP", value));
    }

    @ParameterizedTest
    @CsvSource({
        "8080, 127.0.0.1:8080",
        "0.0.0.0:80, 0.0.0.0:80",
        "localhost:0, 127.0.0.1:0",
        "[::1]:80, [0:0:0:0:0:0:0:1]:80",
        "/run/app.sock, /run/app.sock",
        "./app.sock, ./app.sock"
    })
    void itHasTheFormOfTheSupervisorsSockets(String text, String address) {
        assertEquals(address, ListenAddress.format(ofVariable(text).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "127.0.0.1:", ":80", "::1:80", "1.2.3.4:99999", "host:80 ", "-1", "8080x"})
    void whatIsNoneIsSaidWithItsSource(String text) {
        IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, () -> ofVariable(text));
        assertTrue(
                String.valueOf(thrown.getMessage())
                        .startsWith("LISTEN_ADDRESS_HTTP is '" + text + "', which is no address"),
                thrown::getMessage);
    }

    @Test
    void thePropertyCountsMoreThanTheVariable() {
        Properties properties = new Properties();
        Map<String, String> environment = Map.of("LISTEN_ADDRESS_HTTP_ADMIN", "1", "LISTEN_ADDRESS_HTTP", "");
        assertEquals("127.0.0.1:1", override("http-admin", properties, environment));
        properties.setProperty("listen.address.http-admin", "2");
        assertEquals("127.0.0.1:2", override("http-admin", properties, environment));
        assertEquals(Optional.empty(), ListenAddress.override("http", properties, environment));
    }

    @Test
    void aPropertyForNoListenerIsFound() {
        Properties properties = new Properties();
        properties.setProperty("listen.address.http", "1");
        properties.setProperty("listen.address.htpp", "2");
        properties.setProperty("listen.port", "3");
        assertEquals(List.of("listen.address.htpp"), ListenAddress.unused(Set.of("http", "admin"), properties));
    }

    private static String override(String name, Properties properties, Map<String, String> environment) {
        return ListenAddress.format(
                ListenAddress.override(name, properties, environment).orElseThrow());
    }
}
