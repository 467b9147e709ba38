/** The rollcall command: the one place where executor, watchdog and a person meet. */
@NullMarked
package dev.rollcall.tools;

import org.jspecify.annotations.NullMarked;
