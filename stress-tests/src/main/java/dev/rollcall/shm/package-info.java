/** Lets the stress tests see where a ring keeps its wait cells; part of no product. */
@NullMarked
package dev.rollcall.shm;

import org.jspecify.annotations.NullMarked;
