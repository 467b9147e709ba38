/** The watchdog as a process of its own. */
@NullMarked
package dev.rollcall.tools.sidecar;

import org.jspecify.annotations.NullMarked;
