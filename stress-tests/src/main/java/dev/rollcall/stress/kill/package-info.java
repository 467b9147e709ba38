/** Stops and kills processes at every labelled step, and looks at what that does to the others and leaves behind. */
@NullMarked
package dev.rollcall.stress.kill;

import org.jspecify.annotations.NullMarked;
