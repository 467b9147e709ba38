/**
 * Where snapshot facts come from: the board, the rings, {@code /proc} and pidfds. Probes only read; what they may not
 * read they say, and carry on.
 */
@NullMarked
package dev.rollcall.watchdog.probe;

import org.jspecify.annotations.NullMarked;
