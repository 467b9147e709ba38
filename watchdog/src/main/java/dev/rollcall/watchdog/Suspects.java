package dev.rollcall.watchdog;

import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is suspected now: published, logged, and taken back when there is progress again. One thread: the watchdog's. The
 * board shows the strongest; the watchdog's own stall is no suspicion and has its own word there.
 */
final class Suspects {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final BoardWatchdog board;
    private final Listeners listeners;
    private final WatchdogCounters counters;
    private final WatchdogEvents events;
    private final List<Standing> standing = new ArrayList<>();
    private @Nullable Finding published;

    private record Standing(Finding finding, long sinceNanos) {
    }

    Suspects(BoardWatchdog board, Listeners listeners, WatchdogCounters counters, WatchdogEvents events) {
        this.board = board;
        this.listeners = listeners;
        this.counters = counters;
        this.events = events;
    }

    /** Takes in what is said in this tick; a suspect that is acted on is neither new nor cleared. */
    void update(Diagnosis diagnosis, long now) {
        for (Iterator<Standing> each = standing.iterator(); each.hasNext();) {
            Standing old = each.next();
            if (diagnosis.findings().stream().noneMatch(old.finding::sameCase)) {
                each.remove();
                clear(old, now);
            }
        }
        for (Finding finding : diagnosis.suspects()) {
            if (standing.stream().noneMatch(old -> old.finding.sameCase(finding))) {
                standing.add(new Standing(finding, now));
                raise(finding, now);
            }
        }
        long accused = 0;
        for (Standing each : standing) {
            accused += each.finding.excuses() ? 0 : 1;
        }
        counters.standing(accused);
        publish(diagnosis);
    }

    /** When this one became suspect, 0 when it never was. */
    long sinceNanos(Finding finding) {
        for (Standing each : standing) {
            if (each.finding.sameCase(finding)) {
                return each.sinceNanos;
            }
        }
        return 0;
    }

    /** Somebody is under suspicion, or held from outside. */
    boolean teachNothing() {
        for (Standing each : standing) {
            if (each.finding.teachesNothing()) {
                return true;
            }
        }
        return false;
    }

    private void raise(Finding finding, long now) {
        if (finding.excuses()) {
            counters.excused(finding.kind());
            LOG.info("{} {}: {}", Phrases.who(finding.rank()), finding.kind(), finding.reason());
        } else {
            counters.suspected();
            LOG.warn("{} suspected {}: {} confidence={} victims={}", Phrases.who(finding.rank()), finding.kind(),
                    finding.reason(), finding.confidence(), Phrases.ranks(finding.victims()));
        }
        events.suspected(finding);
        listeners.tell(told -> told.suspected(finding, now));
    }

    private void clear(Standing old, long now) {
        long lasted = now - old.sinceNanos;
        if (!old.finding.excuses()) {
            counters.takenBack();
        }
        LOG.info("{} no longer {}: lasted={}", Phrases.who(old.finding.rank()), old.finding.kind(),
                Phrases.time(lasted));
        events.cleared(old.finding, lasted);
        listeners.tell(told -> told.cleared(old.finding, lasted));
    }

    private void publish(Diagnosis diagnosis) {
        Finding strongest = strongest(diagnosis);
        if (strongest == null && published != null) {
            board.clearSuspect();
        } else if (strongest != null && (published == null || !published.sameCase(strongest))) {
            board.suspect(verdict(strongest, Tier.SUSPECT));
        }
        published = strongest;
    }

    private static @Nullable Finding strongest(Diagnosis diagnosis) {
        for (Finding finding : diagnosis.findings()) {
            if (finding.kind() != HangKind.SELF_STALLED) {
                return finding;
            }
        }
        return null;
    }

    static Verdict verdict(Finding finding, Tier tier) {
        return new Verdict(0, tier, finding.kind(), finding.rank(), finding.callId(), finding.confidence(),
                finding.victims(), finding.reason(), "");
    }
}
