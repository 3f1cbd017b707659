/**
 * Starts programs with listening sockets, as systemd passes them: for programs that are not on the JVM.
 *
 * <p>Read {@link dev.supervisor.exec.SocketCommand} first, which becomes a program or starts one, then {@link
 * dev.supervisor.exec.Restarts}, which starts it again whenever its sources change. {@code CLibrary} has the calls of
 * the C library for that, {@code PassedDescriptors} the descriptors, and {@code EnvironmentBlock} the variables.
 *
 * <p>Depends on {@code process} and {@code socket}, and for restarts on {@code swap}.
 */
@NullMarked
package dev.supervisor.exec;

import org.jspecify.annotations.NullMarked;
