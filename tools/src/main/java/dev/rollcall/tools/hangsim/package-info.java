/** The rehearsal: a real group under load, one of its processes hung on purpose, and the watchdog judged by what it says. */
@NullMarked
package dev.rollcall.tools.hangsim;

import org.jspecify.annotations.NullMarked;
