/**
 * Worker groups and collective calls: one driver asks, every rank of the group answers or is named.
 *
 * <p>Start at {@link dev.rollcall.rpc.CollectiveExecutor} for the asking side and at {@link dev.rollcall.rpc.Worker}
 * for the side that answers.
 */
@NullMarked
package dev.rollcall.rpc;

import org.jspecify.annotations.NullMarked;
