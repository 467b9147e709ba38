/** The ring, one class per public operation. */
@NullMarked
package dev.rollcall.stress.ring;

import org.jspecify.annotations.NullMarked;
