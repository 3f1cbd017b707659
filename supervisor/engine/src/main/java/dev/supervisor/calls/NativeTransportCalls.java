package dev.supervisor.calls;

/**
 * The questions of {@code Epoll}, {@code IoUring} and {@code KQueue}. An application that asks which transport there is
 * hears of NIO only, since its connections are NIO channels. A native one can be used without asking, for what the
 * application opens by itself.
 */
public final class NativeTransportCalls {

    private NativeTransportCalls() {}

    public static boolean isAvailable(Class<?> caller) {
        return false;
    }

    public static Throwable unavailabilityCause(Class<?> caller) {
        return new UnsupportedOperationException(
                "the connections of an application under the supervisor are NIO channels");
    }
}
