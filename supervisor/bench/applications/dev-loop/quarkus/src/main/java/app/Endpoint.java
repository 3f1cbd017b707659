package app;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Answers each request with the text that is saved. */
@Path("/")
public class Endpoint {

    @GET
    @Produces(MediaType.TEXT_PLAIN)
    public String text() {
        return Answer.text();
    }
}
