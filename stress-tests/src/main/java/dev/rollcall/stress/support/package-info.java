/** Shared memory for jcstress states: taken by a state's constructor, given back by its arbiter. */
@NullMarked
package dev.rollcall.stress.support;

import org.jspecify.annotations.NullMarked;
