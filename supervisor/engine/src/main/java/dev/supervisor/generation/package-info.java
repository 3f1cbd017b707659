/**
 * Takes a build from disk to a running application in a module of its own, and ends that application.
 *
 * <p><b>Isolation.</b> A class is looked up in this order: the supervisor's {@code io.netty} and {@code
 * dev.supervisor.spi}, always, even if the application bundles its own; the application and its libraries; the JDK's
 * packages; the supervisor's {@code org.slf4j}, if the application brings none. No other class of the supervisor is
 * visible. There are two exceptions: parts of Netty that the distribution leaves out come from the application ({@code
 * SharedPackages}), and if the application brings {@code netty-tcnative}, Netty's TLS classes are defined again in its
 * generation ({@code ApplicationTls}). Application code runs on threads of its generation, whose context class loader
 * is the generation's.
 *
 * <p><b>Snapshots.</b> A jar is taken at once if it is a new file, moved into place, and its entries fit its central
 * directory ({@link dev.supervisor.generation.ZipCheck}). Any other build must stand still for the settle time first.
 * If a jar was written in the last minute, the checksums of its entries are verified too. Copies of unchanged libraries
 * are shared, unless a new generation was requested. File times are coarse: a file that changed less than 3 s before
 * its copy is copied again for the next snapshot, and compared by its bytes. A {@code BuildStamp} holds the size, the
 * times and the identity of each file. The time of change (ctime) is among them, since tools can set the modification
 * time back. Entries that are no regular files (dangling links, cycles, pipes) are never opened.
 *
 * <p>A directory of classes is in memory ({@link dev.supervisor.generation.CopiedFiles}), and snapshots share the bytes of what
 * has not changed. Its files are written to disk only for an application that asks where a resource is ({@link
 * dev.supervisor.generation.DirectoryResources}, {@link dev.supervisor.generation.FilesOnDisk}). A builder in this JVM may tell
 * what it has changed ({@link dev.supervisor.BuiltFiles}); its directories are not looked at then.
 *
 * <p><b>Directories of a {@code Class-Path}.</b> A directory that only a manifest names ({@code Class-Path: .}) holds
 * more than the build: the application's log, its data, other projects. Its class files are copied and count. Its other
 * files are served <em>in place</em>, as {@code java -jar} does. Their content counts once the application has asked
 * for them as a resource, whether they existed or not ({@link dev.supervisor.generation.RequestedResources}). A file
 * that two generations in a row asked for, and wrote while they started, is reported and no longer counts ({@link
 * dev.supervisor.generation.SelfWrittenFiles}). A directory that {@code --app} or {@code --lib} names counts as a
 * whole.
 *
 * <p><b>Locations.</b> A class reports its original place, by a {@code file:} URL ({@code CodeSource}). A resource has
 * the URL of the private copy, whose file name contains no character that is special in a URL. Signatures of jars are
 * not verified, since fat jars contain the signatures of their libraries.
 *
 * <p><b>Private copies</b> are in a {@link dev.supervisor.generation.WorkDirectory} (mode 0700, locked). Its files have
 * the sticky bit, which systemd-tmpfiles reads as "do not delete". (systemd-tmpfiles also respects a flock on the
 * directory, but Java can't take one.) Copies that vanish are made again for the next build. {@link
 * dev.supervisor.files.AbandonedDirectories} deletes the copies of killed supervisors of the same user. It goes
 * from an open directory to a name in it, and never follows a link. {@code $XDG_RUNTIME_DIR} is not used: it is a small
 * part of the memory, and is deleted when the session ends.
 *
 * <p><b>Failures.</b> {@link dev.supervisor.generation.Generation} closes everything that it has opened when a later
 * step of its loading fails. At its end it performs each step, even if others fail.
 */
@NullMarked
package dev.supervisor.generation;

import org.jspecify.annotations.NullMarked;
