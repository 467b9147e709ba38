/** Saved incidents: listed, shown, judged again. */
@NullMarked
package dev.rollcall.tools.incident;

import org.jspecify.annotations.NullMarked;
