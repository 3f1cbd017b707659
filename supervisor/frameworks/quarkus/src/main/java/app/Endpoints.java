package app;

import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jboss.resteasy.reactive.RestQuery;

@Startup
@Path("/")
@Produces(MediaType.TEXT_PLAIN)
public class Endpoints {
    private final String version;

    public Endpoints() throws IOException {
        try (var in = Thread.currentThread().getContextClassLoader().getResourceAsStream("version.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            version = text.lines().findFirst().orElseThrow() + "\n";
        }
    }

    @GET
    public String version() {
        return version;
    }

    @GET
    @Path("slow")
    public Uni<String> slow(@RestQuery int millis) {
        return Uni.createFrom().item(version).onItem().delayIt().by(Duration.ofMillis(millis));
    }

    @POST
    @Path("echo")
    @Consumes(MediaType.WILDCARD)
    public byte[] echo(byte[] body) {
        return body;
    }

    @GET
    @Path("stream")
    public Multi<String> stream() {
        return Multi.createFrom()
                .items("1\n", "2\n", "3\n", "4\n", version)
                .onItem()
                .call(piece -> Uni.createFrom().voidItem().onItem().delayIt().by(Duration.ofMillis(20)));
    }
}
