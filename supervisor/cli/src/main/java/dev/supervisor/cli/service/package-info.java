/** What the command tells the service manager that has started it, and what that keeps for it. */
@NullMarked
package dev.supervisor.cli.service;

import org.jspecify.annotations.NullMarked;
