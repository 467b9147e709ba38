/** The board: records read while they are written, cancelling. One class per record. */
@NullMarked
package dev.rollcall.stress.board;

import org.jspecify.annotations.NullMarked;
