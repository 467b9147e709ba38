/** {@code rollcall bench compare}: the product beside its peers, in interleaved pairs, with intervals and verdicts. */
@NullMarked
package dev.rollcall.stress.bench;

import org.jspecify.annotations.NullMarked;
