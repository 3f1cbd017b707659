package dev.supervisor.calls;

/**
 * The availability checks of {@code Epoll}, {@code IoUring} and {@code KQueue}. All of them report "not available", so
 * that an application chooses NIO, since its connections are NIO channels. It can use a native transport without
 * asking, for channels that it opens by itself.
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
