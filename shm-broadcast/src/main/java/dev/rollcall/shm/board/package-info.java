/**
 * The progress board: shared words in which the driver, every rank and the watchdog say where they are, one writer per word,
 * readable while their owner is stopped and after it is dead.
 */
@NullMarked
package dev.rollcall.shm.board;

import org.jspecify.annotations.NullMarked;
