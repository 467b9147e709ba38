/** How a call ends. */
@NullMarked
package dev.rollcall.stress.rpc;

import org.jspecify.annotations.NullMarked;
