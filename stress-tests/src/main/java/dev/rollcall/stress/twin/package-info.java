/**
 * The twins: each protocol written out by hand in a few lines, once sound and once for each deliberate fault. A sound original
 * must show nothing forbidden, and every faulty twin must: that is how we know that the tests of the real thing would notice.
 * Faults that x86 cannot show (a release weakened to plain) are the models' business.
 */
@NullMarked
package dev.rollcall.stress.twin;

import org.jspecify.annotations.NullMarked;
