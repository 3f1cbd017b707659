package app;

import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A gRPC server with a service that needs no compiler of protocol buffers. */
public class Main {
    public static void main(String[] args) throws IOException, InterruptedException {
        String version = version();
        ServerServiceDefinition greeter = ServerServiceDefinition.builder(Greeter.NAME)
                .addMethod(Greeter.VERSION, ServerCalls.asyncUnaryCall((name, observer) -> answer(observer, version)))
                .addMethod(Greeter.SLOW, ServerCalls.asyncUnaryCall((name, observer) -> {
                    pause(3_000);
                    answer(observer, version);
                }))
                .build();
        ServerBuilder.forPort(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")))
                .addService(greeter)
                .build()
                .start()
                .awaitTermination();
    }

    private static void answer(StreamObserver<String> observer, String text) {
        observer.onNext(text);
        observer.onCompleted();
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String version() throws IOException {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return version.lines().findFirst().orElseThrow();
        }
    }
}
