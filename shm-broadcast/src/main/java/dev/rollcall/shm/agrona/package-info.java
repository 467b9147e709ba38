/** For users of Agrona: its idle strategies and buffers with a ring. The only package that needs Agrona; loaded only when used. */
@NullMarked
package dev.rollcall.shm.agrona;

import org.jspecify.annotations.NullMarked;
