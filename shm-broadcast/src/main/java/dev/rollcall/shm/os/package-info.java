/** Linux as Rollcall needs it: a handful of system calls through {@code java.lang.foreign}, process identity, pidfds, mapped files. */
@NullMarked
package dev.rollcall.shm.os;

import org.jspecify.annotations.NullMarked;
