package dev.supervisor.lending;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A channel's place in the group of the application that it belongs to: the group does not end while it has channels, and
 * closes them when it is shut down at once. Of the JDK's groups only; a channel is in no other.
 */
final class GroupMembership {

    private static final MethodType ATTACH =
            MethodType.methodType(Object.class, AsynchronousChannelGroup.class, Channel.class, FileDescriptor.class);
    private static final MethodType DETACH =
            MethodType.methodType(void.class, AsynchronousChannelGroup.class, Object.class);

    private static final @Nullable MethodHandle ATTACHING =
            find("attachForeignChannel", ATTACH, Channel.class, FileDescriptor.class);
    private static final @Nullable MethodHandle DETACHING = find("detachForeignChannel", DETACH, Object.class);

    private final AsynchronousChannelGroup group;

    /** By what the group knows the channel. Guarded by this. */
    private @Nullable Object key;

    private GroupMembership(AsynchronousChannelGroup group, Object key) {
        this.group = group;
        this.key = key;
    }

    private static @Nullable MethodHandle find(String name, MethodType type, Class<?>... parameters) {
        try {
            Method method =
                    Class.forName("sun.nio.ch.AsynchronousChannelGroupImpl").getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method).asType(type);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    /**
     * Puts a channel into a group.
     *
     * @param descriptor the channel's, open until {@link #leave}
     * @return null if the group takes no channels but its own
     * @throws IOException if the group has been shut down
     */
    static @Nullable GroupMembership of(
            @Nullable AsynchronousChannelGroup group, Channel channel, FileDescriptor descriptor) throws IOException {
        MethodHandle attaching = ATTACHING;
        if (group == null || attaching == null || DETACHING == null) {
            return null;
        }
        try {
            return new GroupMembership(group, (Object) attaching.invokeExact(group, channel, descriptor));
        } catch (ClassCastException e) {
            return null;
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) { // it has been shut down
            throw new IOException(e);
        }
    }

    /** Takes the channel out of the group, once. */
    synchronized void leave() {
        Object known = key;
        MethodHandle detaching = DETACHING;
        if (known == null || detaching == null) {
            return;
        }
        key = null;
        try {
            detaching.invokeExact(group, known);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
