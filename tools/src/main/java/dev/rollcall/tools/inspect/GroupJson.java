package dev.rollcall.tools.inspect;

import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.tools.console.ProcessState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A group as JSON; absent things are null. Any thread. */
final class GroupJson {
    private GroupJson() {
    }

    static Map<String, @Nullable Object> of(GroupView group) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("group", group.info().group());
        json.put("epoch", group.info().epoch());
        json.put("path", group.info().path().toString());
        json.put("live", group.info().live());
        json.put("driver", driver(group));
        List<Object> ranks = new ArrayList<>();
        for (RankStatus rank : group.ranks()) {
            ranks.add(rank(rank, group.lags().get(rank.rank())));
        }
        json.put("ranks", ranks);
        json.put("watchdog", watchdog(group));
        json.put("inFlight", group.inFlight().size());
        json.put("verdict", verdict(group.said()));
        return json;
    }

    private static Map<String, @Nullable Object> driver(GroupView group) {
        Map<String, @Nullable Object> json = process(group.driver().process(), group.driver().loopThreadId());
        json.put("phase", group.driver().phase().name());
        json.put("lastIssued", group.driver().lastIssued());
        json.put("completed", group.driver().completed());
        json.put("failed", group.driver().failed());
        return json;
    }

    private static Map<String, @Nullable Object> rank(RankStatus rank, long lag) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("rank", rank.rank());
        json.putAll(process(rank.process(), rank.loopThreadId()));
        json.put("phase", rank.phase().name());
        json.put("method", rank.busy() ? rank.method() : null);
        json.put("costClass", rank.busy() ? rank.costClass() : null);
        json.put("received", rank.received());
        json.put("started", rank.started());
        json.put("finished", rank.finished());
        json.put("replied", rank.replied());
        json.put("lag", lag < 0 ? null : lag);
        return json;
    }

    private static Map<String, @Nullable Object> process(@Nullable ProcessIdentity process, int tid) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("pid", process == null ? null : process.pid());
        json.put("state", process == null ? null : Character.toString(ProcessState.of(process, tid)));
        return json;
    }

    private static @Nullable Map<String, @Nullable Object> watchdog(GroupView group) {
        ProcessIdentity process = group.watchdog().process();
        if (!group.watched() || process == null) {
            return null;
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("pid", process.pid());
        json.put("mode", group.watchdog().enforce() ? "enforce" : "observe");
        json.put("worstStallMs", group.watchdog().worstStallNanos() / 1_000_000L);
        return json;
    }

    private static @Nullable Map<String, @Nullable Object> verdict(@Nullable Verdict said) {
        if (said == null) {
            return null;
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("tier", said.tier().name());
        json.put("kind", said.kind().name());
        json.put("rank", said.rank() == Verdict.DRIVER ? "driver" : (Object) said.rank());
        json.put("confidence", said.confidence());
        json.put("reason", said.reason());
        json.put("incident", said.incident().isEmpty() ? null : said.incident());
        return json;
    }
}
