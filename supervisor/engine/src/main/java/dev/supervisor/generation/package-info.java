/**
 * From a build on disk to a running application in a module of its own, and to its end.
 *
 * <p><b>Isolation.</b> A class is looked for in this order: the supervisor's {@code io.netty} and {@code
 * dev.supervisor.spi}, always, even if the application bundles its own; the application and its libraries; the JDK's
 * packages; the supervisor's {@code org.slf4j}, if the application brings none. Nothing else of the supervisor can be
 * seen. Application code runs on threads of its generation, whose context class loader is the generation's.
 *
 * <p><b>Snapshots.</b> A jar that is a new file, and whose entries fit its central directory
 * ({@link dev.supervisor.generation.ZipCheck}), was moved into place and is taken at once. Any other build must stand
 * still for the settle time first. If it was written in the last minute, the checksums of its entries are verified
 * too. Copies of unchanged libraries are shared, unless the swap was asked for. Times of files are coarse: a copy of a
 * file that changed less than 3 s before is made again and compared by its bytes. A {@code FileStamp} is the size, the
 * times and the identity of a file, the time of change (ctime) among them, since tools can set the modification time
 * back. Entries that are no regular files (dangling links, cycles, pipes) are never opened.
 *
 * <p><b>Directories of a {@code Class-Path}.</b> A directory that only a manifest names ({@code Class-Path: .}) holds
 * more than the build: the application's log, its data, other projects. Its class files are copied and count. Its
 * other files are served <em>in place</em>, as {@code java -jar} does, and count by their content once the application
 * has asked for them as a resource, whether they existed or not
 * ({@link dev.supervisor.generation.RequestedResources}). A file that two generations in a row asked for and wrote
 * while they started is named and counts no more ({@link dev.supervisor.generation.SelfWrittenFiles}). A directory
 * that {@code --app} or {@code --lib} names counts as a whole.
 *
 * <p><b>Locations.</b> A class names its original place, by a {@code file:} URL ({@code CodeSource}). A resource has
 * the URL of the private copy, whose file name consists of characters that mean nothing in a URL. Signatures of jars
 * are not verified, since fat jars contain the signatures of their libraries.
 *
 * <p><b>Private copies</b> are in a {@link dev.supervisor.generation.WorkDirectory} (mode 0700, locked). Its files
 * have the sticky bit, which systemd-tmpfiles reads as "do not delete"; Java can't take the lock on directories that
 * it respects as well (flock). Copies that vanish are made again for the next build.
 * {@link dev.supervisor.generation.AbandonedDirectories} deletes the copies of killed supervisors of the same user,
 * from open directory to name, never through a link. {@code $XDG_RUNTIME_DIR} is not used: it is a small part of the
 * memory, and ends with the session.
 *
 * <p><b>Failures.</b> {@link dev.supervisor.generation.Generation} closes all that it has opened when a later step of
 * its loading fails, and performs each step of its end whatever becomes of the others.
 */
@NullMarked
package dev.supervisor.generation;

import org.jspecify.annotations.NullMarked;
