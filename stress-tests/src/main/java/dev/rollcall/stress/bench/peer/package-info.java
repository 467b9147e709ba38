/** The same work as {@code rollcall bench}, over other transports, between processes. */
@NullMarked
package dev.rollcall.stress.bench.peer;

import org.jspecify.annotations.NullMarked;
