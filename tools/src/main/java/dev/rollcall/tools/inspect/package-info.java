/** Looking at the groups of this machine from outside, and removing what dead ones left. */
@NullMarked
package dev.rollcall.tools.inspect;

import org.jspecify.annotations.NullMarked;
