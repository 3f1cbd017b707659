/** What supervisors tell of themselves, for people and for programs. Changes nothing of them. */
@NullMarked
package dev.supervisor.admin;

import org.jspecify.annotations.NullMarked;
