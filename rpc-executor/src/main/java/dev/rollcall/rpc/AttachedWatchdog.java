package dev.rollcall.rpc;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.WatchdogSilence;
import dev.rollcall.shm.board.WatchdogState;

/**
 * Whether the watchdog of an epoch still ticks. Said once, and no failure: a group goes on without one. The pulse looks,
 * any thread asks.
 */
final class AttachedWatchdog {

    private static final Logger LOG = LoggerFactory.getLogger(AttachedWatchdog.class);

    private final String group;
    private final int epoch;
    private final GroupStatus status;
    private final WatchdogSilence silence;
    private volatile WatchdogState state = WatchdogState.NONE;
    private boolean blind;

    AttachedWatchdog(String group, int epoch, Board board, GroupStatus status) {
        this.group = group;
        this.epoch = epoch;
        this.status = status;
        this.silence = new WatchdogSilence(board);
    }

    WatchdogState state() {
        return state;
    }

    /** Pulse thread, whose beat must not depend on this: what goes wrong here ends the looking, not the pulse. */
    void look(long nowNanos) {
        if (blind || status.refusal() != null) {
            leave(); // it takes no calls any more: its watchdog may leave, or be late with evidence
            return;
        }
        WatchdogState before = state;
        try {
            state = silence.look(nowNanos);
        } catch (RollcallException e) {
            blind = true;
            LOG.warn("watchdog not looked at any more group={} epoch={}", group, epoch, e);
            return;
        }
        if (state == WatchdogState.SILENT && before != WatchdogState.SILENT) {
            LOG.warn("watchdog does not tick, no hang will be found group={} epoch={} {}", group, epoch, silence);
        } else if (state != WatchdogState.SILENT && before == WatchdogState.SILENT) {
            LOG.info("watchdog {} group={} epoch={} {}",
                    state == WatchdogState.NONE ? "that did not tick is gone" : "ticks again", group, epoch, silence);
        }
    }

    /** Pulse thread: there is nothing to be watched any more. */
    void leave() {
        state = WatchdogState.NONE;
    }
}
