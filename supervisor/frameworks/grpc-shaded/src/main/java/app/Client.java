package app;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;

/**
 * Calls the server one time after the other over one channel, prints each answer, and exits with 1 if a call has failed.
 *
 * <p>Arguments: the number of calls (1), the pause between them in milliseconds (0), and the method (Version).
 */
public class Client {
    public static void main(String[] args) throws InterruptedException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        int calls = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        int millis = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        var method = args.length > 2 && args[2].equals("Slow") ? Greeter.SLOW : Greeter.VERSION;
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        boolean failed = false;
        for (int i = 0; i < calls; i++) {
            failed |= !call(channel, method);
            if (i < calls - 1) {
                Thread.sleep(millis);
            }
        }
        channel.shutdownNow();
        System.exit(failed ? 1 : 0);
    }

    private static boolean call(ManagedChannel channel, MethodDescriptor<String, String> method) {
        try {
            System.out.println(ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, ""));
            return true;
        } catch (StatusRuntimeException e) {
            System.out.println(e.getStatus());
            return false;
        }
    }
}
