package dev.supervisor.calls;

import dev.supervisor.inspect.JarFileSystems;
import java.io.IOException;
import java.net.URI;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * File systems that an application opens, such as the file system of a jar. A file system opened by URI is in a table
 * of the JVM until it is closed, and can't be opened again. If a previous generation has opened it, it is taken out of
 * the table, and goes on working for its users. Also watch services, each of which has a thread and an inotify
 * instance.
 */
public final class FileSystemCalls {

    private FileSystemCalls() {}

    private interface Opening {
        FileSystem open() throws IOException;
    }

    public static FileSystem newFileSystem(URI uri, Map<String, ?> environment, Class<?> caller) throws IOException {
        return byUri(uri, caller, () -> FileSystems.newFileSystem(uri, environment));
    }

    public static FileSystem newFileSystem(
            URI uri, Map<String, ?> environment, @Nullable ClassLoader loader, Class<?> caller) throws IOException {
        return byUri(uri, caller, () -> FileSystems.newFileSystem(uri, environment, loader));
    }

    public static FileSystem newFileSystem(
            FileSystemProvider provider, URI uri, Map<String, ?> environment, Class<?> caller) throws IOException {
        return byUri(uri, caller, () -> provider.newFileSystem(uri, environment));
    }

    public static FileSystem newFileSystem(Path path, Class<?> caller) throws IOException {
        return opened(caller, FileSystems.newFileSystem(path));
    }

    public static FileSystem newFileSystem(Path path, Map<String, ?> environment, Class<?> caller) throws IOException {
        return opened(caller, FileSystems.newFileSystem(path, environment));
    }

    public static FileSystem newFileSystem(Path path, @Nullable ClassLoader loader, Class<?> caller)
            throws IOException {
        return opened(caller, FileSystems.newFileSystem(path, loader));
    }

    public static FileSystem newFileSystem(
            Path path, Map<String, ?> environment, @Nullable ClassLoader loader, Class<?> caller) throws IOException {
        return opened(caller, FileSystems.newFileSystem(path, environment, loader));
    }

    private static FileSystem byUri(URI uri, Class<?> caller, Opening opening) throws IOException {
        try {
            return opened(caller, opening.open());
        } catch (FileSystemAlreadyExistsException e) {
            if (!JarFileSystems.makeRoom(uri, fileSystem -> isOfAnother(fileSystem, caller))) {
                throw e;
            }
            return opened(caller, opening.open());
        }
    }

    private static boolean isOfAnother(FileSystem fileSystem, Class<?> caller) {
        return CallingGeneration.others(caller)
                .anyMatch(callingGeneration -> callingGeneration.hasOpened(new OpenedFileSystem(fileSystem)));
    }

    private static FileSystem opened(Class<?> caller, FileSystem fileSystem) {
        CallingGeneration.of(caller)
                .ifPresent(callingGeneration -> callingGeneration.opened(new OpenedFileSystem(fileSystem)));
        return fileSystem;
    }

    public static WatchService newWatchService(FileSystem fileSystem, Class<?> caller) throws IOException {
        WatchService service = fileSystem.newWatchService();
        CallingGeneration.of(caller)
                .ifPresent(callingGeneration -> callingGeneration.opened(new OpenedWatchService(service)));
        return service;
    }

    private record OpenedFileSystem(FileSystem fileSystem) implements OpenedResource {

        @Override
        public boolean isOpen() {
            return fileSystem.isOpen();
        }

        @Override
        public void close() throws IOException {
            fileSystem.close();
        }

        @Override
        public String description() {
            return "file system " + fileSystem + " was never closed";
        }
    }

    private record OpenedWatchService(WatchService service) implements OpenedResource {

        /**
         * Polls the service, which may take an event that other code waits for. So this is called only at the
         * generation's end.
         */
        @Override
        public boolean isOpen() {
            try {
                service.poll();
                return true;
            } catch (ClosedWatchServiceException e) {
                return false;
            }
        }

        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public void close() throws IOException {
            service.close();
        }

        @Override
        public String description() {
            return "WatchService was never closed";
        }
    }
}
