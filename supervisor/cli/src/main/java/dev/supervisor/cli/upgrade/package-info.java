/**
 * The upgrade of a running supervisor: its successor, another process, takes over the sockets and the connections that can
 * move. {@link dev.supervisor.cli.upgrade.Succession} is the side of the running one, {@link
 * dev.supervisor.cli.upgrade.Takeover} that of the successor; {@link dev.supervisor.cli.upgrade.ControlSocket} is where an
 * upgrade is asked for.
 *
 * <pre>
 *   running one                        successor
 *        │  starts ───────────────────────▶│
 *        │  sockets, last generation ─────▶│ loads and starts the application
 *        │◀──────────────────────── ready  │ or fails: the running one goes on
 *        │  go ───────────────────────────▶│ accepts
 *        │  stops accepting                │
 *        │  connection, connection, … ────▶│
 *        ▼  ends when nothing is left       ▼
 * </pre>
 */
@NullMarked
package dev.supervisor.cli.upgrade;

import org.jspecify.annotations.NullMarked;
