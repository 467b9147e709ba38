@NullMarked
package dev.rollcall.stress.kill;

import org.jspecify.annotations.NullMarked;
