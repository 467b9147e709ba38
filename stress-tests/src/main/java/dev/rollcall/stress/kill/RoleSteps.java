package dev.rollcall.stress.kill;

import java.util.List;

/**
 * Which steps each role must pass in its play; a rehearsal that misses one has lost a part of what is proven. Not in it: steps that
 * come only when another process sleeps at that moment, and the making of a folder that another group may have made.
 */
final class RoleSteps {
    private static final List<String> FILES =
            List.of("file.create.opened", "file.create.reserved", "ring.create.fields-stored");
    private static final List<String> GROUP = List.of("group.create.root-locked", "group.create.folder-made",
            "group.create.life-made", "group.create.life-locked", "board.create.fields-stored",
            "group.close.root-locked", "group.remove.files-gone", "group.remove.life-gone");
    private static final List<String> WRITING = List.of("ring.own.locked", "ring.claim.claimed",
            "ring.publish.next-zeroed", "ring.publish.header-stored", "ring.publish.tail-stored", "ring.close.marked");
    private static final List<String> READING = List.of("ring.join.locked", "ring.join.announced",
            "ring.join.positioned", "ring.join.active", "ring.poll.fragment-copied", "ring.poll.frames-handled",
            "ring.poll.position-stored", "ring.leave.marked");
    private static final List<String> IN_PLACE = List.of("ring.poll.frame-found");
    private static final List<String> COPYING = List.of("ring.poll.frame-copied");
    private static final List<String> EVICTING = List.of("ring.evict.marked", "ring.evict.fenced");
    private static final List<String> WORKER = List.of("worker.start.on-board", "worker.start.joined",
            "worker.start.ready", "worker.call.received", "worker.call.started", "worker.call.answered",
            "worker.call.finished", "worker.reply.filled", "worker.call.reply-sent", "worker.stop.loop-left",
            "worker.stop.ring-closed");
    private static final List<String> DRIVER = List.of("driver.start.files-made", "driver.start.worker-launched",
            "driver.start.workers-ready", "board.issue.row-stored", "driver.call.registered", "driver.call.sent",
            "driver.reply.gathered", "driver.call.decided", "board.end-epoch.word-stored", "driver.restart.sealed",
            "driver.restart.old-gone", "driver.restart.new-ready", "driver.close.marked", "driver.close.workers-gone",
            "driver.close.collector-gone", "driver.close.pulse-gone");
    private static final List<String> WATCHDOG = List.of("board.watch.locked", "board.watch.identified",
            "board.watch.ticked", "board.suspect.published", "board.verdict.record-zeroed",
            "board.verdict.record-stored", "board.verdict.reached", "board.verdict.published",
            "watchdog.evidence.stacks-asked", "watchdog.incident.folder-made", "watchdog.incident.facts-saved",
            "watchdog.incident.all-saved", "watchdog.incident.complete",
            "watchdog.incident.old-renamed", "board.evidence.unsealed", "board.evidence.sealed",
            "board.watch.unlocked");

    private RoleSteps() {
    }

    static List<String> of(Role role) {
        List<List<String>> parts = switch (role) {
            case CREATOR -> List.of(FILES, GROUP, List.of("group.create.root-made"));
            case WRITER -> List.of(FILES, WRITING, EVICTING);
            case READER -> List.of(READING, IN_PLACE);
            case COPIER -> List.of(READING, COPYING);
            case WORKER -> List.of(READING, IN_PLACE, WRITING, WORKER);
            case DRIVER -> List.of(FILES, GROUP, READING, IN_PLACE, WRITING, DRIVER);
            case WATCHDOG -> List.of(WATCHDOG);
        };
        return parts.stream().flatMap(List::stream).toList();
    }
}
