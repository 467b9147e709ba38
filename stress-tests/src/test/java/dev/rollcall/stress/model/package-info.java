/** Small exhaustive models of the protocols: every interleaving, with store buffers. One thread; fractions of a second each. */
@NullMarked
package dev.rollcall.stress.model;

import org.jspecify.annotations.NullMarked;
