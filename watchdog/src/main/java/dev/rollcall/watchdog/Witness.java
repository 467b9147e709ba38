package dev.rollcall.watchdog;

import java.util.concurrent.Callable;

/**
 * Somebody who has text to add to an incident.
 *
 * @param name what its file is called
 * @param boundNanos how long it is waited for
 * @param words on a thread of its own
 */
record Witness(String name, long boundNanos, Callable<String> words) {
}
