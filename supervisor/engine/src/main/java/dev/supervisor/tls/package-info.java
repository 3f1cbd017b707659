/**
 * The supervisor's side of TLS: certificates and keys, read from files and again when these have changed, and the engines that
 * use them. {@link dev.supervisor.tls.Certificates} is the way in.
 */
@NullMarked
package dev.supervisor.tls;

import org.jspecify.annotations.NullMarked;
