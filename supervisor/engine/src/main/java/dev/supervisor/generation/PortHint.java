package dev.supervisor.generation;

import java.util.Arrays;
import java.util.Optional;

/** How frameworks are told on which port to listen, for messages. */
enum PortHint {
    SPRING_BOOT("org/springframework/boot/SpringApplication.class", "-- --server.port=%d"),
    QUARKUS("io/quarkus/runtime/Quarkus.class", "QUARKUS_HTTP_PORT=%d in the environment"),
    MICRONAUT("io/micronaut/runtime/Micronaut.class", "MICRONAUT_SERVER_PORT=%d in the environment"),
    HELIDON("io/helidon/config/Config.class", "SERVER_PORT=%d in the environment"),
    KTOR("io/ktor/server/engine/EmbeddedServer.class", "-- -port=%d");

    private final String resource;
    private final String text;

    PortHint(String resource, String text) {
        this.resource = resource;
        this.text = text;
    }

    /** Returns what the user can add to have the application in this class loader listen on the port. */
    static Optional<String> of(ClassLoader loader, int port) {
        return Arrays.stream(values())
                .filter(hint -> loader.getResource(hint.resource) != null)
                .findFirst()
                .map(hint -> String.format(hint.text, port));
    }
}
