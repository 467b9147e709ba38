/** {@code rollcall soak}: a group at work for as long as one likes, while things happen to it. */
@NullMarked
package dev.rollcall.tools.soak;

import org.jspecify.annotations.NullMarked;
