/** Lets the stress tests at the parts that end a call, which no caller sees; part of no product. */
@NullMarked
package dev.rollcall.rpc;

import org.jspecify.annotations.NullMarked;
