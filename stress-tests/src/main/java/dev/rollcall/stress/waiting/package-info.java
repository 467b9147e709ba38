/** Sleeping and waking: the cell itself, and every wait of the ring. */
@NullMarked
package dev.rollcall.stress.waiting;

import org.jspecify.annotations.NullMarked;
