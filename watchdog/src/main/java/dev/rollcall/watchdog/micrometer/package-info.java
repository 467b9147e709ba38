/** Meters of a watchdog for Micrometer: the one package that needs it, loaded by nothing but its own use. */
@NullMarked
package dev.rollcall.watchdog.micrometer;

import org.jspecify.annotations.NullMarked;
