/** Runs the jcstress tests and judges them; see {@link dev.rollcall.stress.Stress}. */
@NullMarked
package dev.rollcall.stress;

import org.jspecify.annotations.NullMarked;
