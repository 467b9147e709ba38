/** Lets the stress tests begin an epoch of a board anew; part of no product. */
@NullMarked
package dev.rollcall.shm.board;

import org.jspecify.annotations.NullMarked;
