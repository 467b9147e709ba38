/** Meters of a group for Micrometer: the one package that needs it, loaded by nothing but its own use. */
@NullMarked
package dev.rollcall.rpc.micrometer;

import org.jspecify.annotations.NullMarked;
