/** Shared segments of one host: groups of files, the single-writer/multi-reader ring, and waiting on shared words. */
@NullMarked
package dev.rollcall.shm;

import org.jspecify.annotations.NullMarked;
