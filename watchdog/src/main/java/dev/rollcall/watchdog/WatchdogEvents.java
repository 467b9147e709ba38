package dev.rollcall.watchdog;

/**
 * What the watchdog finds, for the JDK's Flight Recorder. The watchdog's thread; none of this is on the path of a healthy
 * tick.
 */
record WatchdogEvents(String group) {
    void suspected(Finding finding) {
        SuspicionEvent event = new SuspicionEvent();
        if (event.isEnabled()) {
            event.group = group;
            event.who = Phrases.who(finding.rank());
            event.rank = finding.rank();
            event.kind = finding.kind().name();
            event.excuse = finding.excuses();
            event.callId = finding.callId();
            event.confidence = finding.confidence();
            event.lasted = finding.ageNanos();
            event.limit = finding.limitNanos();
            event.reason = finding.reason();
            event.commit();
        }
    }

    void cleared(Finding finding, long stoodForNanos) {
        SuspicionClearedEvent event = new SuspicionClearedEvent();
        if (event.isEnabled()) {
            event.group = group;
            event.who = Phrases.who(finding.rank());
            event.rank = finding.rank();
            event.kind = finding.kind().name();
            event.excuse = finding.excuses();
            event.stoodFor = stoodForNanos;
            event.commit();
        }
    }

    void decided(Finding finding, boolean acted) {
        VerdictEvent event = new VerdictEvent();
        if (event.isEnabled()) {
            event.group = group;
            event.who = Phrases.who(finding.rank());
            event.rank = finding.rank();
            event.kind = finding.kind().name();
            event.acted = acted;
            event.callId = finding.callId();
            event.confidence = finding.confidence();
            event.lasted = finding.ageNanos();
            event.limit = finding.limitNanos();
            event.victims = Phrases.ranks(finding.victims());
            event.reason = finding.reason();
            event.commit();
        }
    }
}
