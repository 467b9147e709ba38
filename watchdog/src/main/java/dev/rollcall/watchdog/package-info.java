/**
 * Who does not answer: snapshot, diagnose, respond, record.
 *
 * <p>
 * A {@link dev.rollcall.watchdog.Watchdog} takes one {@link dev.rollcall.watchdog.GroupSnapshot} per tick from memory
 * the group shares and from {@code /proc}, lets the {@link dev.rollcall.watchdog.Diagnoser} judge the window of
 * snapshots, and answers a verdict in a fixed order: verdict record on the board, evidence, kill.
 */
@NullMarked
package dev.rollcall.watchdog;

import org.jspecify.annotations.NullMarked;
