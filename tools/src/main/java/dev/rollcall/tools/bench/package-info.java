/** {@code rollcall bench}: the ring between processes, by the rules other transports are measured by. */
@NullMarked
package dev.rollcall.tools.bench;

import org.jspecify.annotations.NullMarked;
