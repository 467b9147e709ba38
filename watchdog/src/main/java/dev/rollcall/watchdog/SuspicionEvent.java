package dev.rollcall.watchdog;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A suspicion or an excuse, as an event of the JDK's Flight Recorder. */
@Name("dev.rollcall.Suspicion")
@Label("Suspicion")
@Description("The watchdog suspects or excuses somebody; nothing is done")
@Category("Rollcall")
@StackTrace(false)
final class SuspicionEvent extends Event {
    @Label("Group")
    String group = "";
    @Label("Who")
    String who = "";
    @Label("Rank")
    @Description("-1 nobody, -2 the driver")
    int rank;
    @Label("Kind")
    String kind = "";
    @Label("Excuse")
    @Description("True for what is never acted on, as STARVED or TRACED")
    boolean excuse;
    @Label("Call Id")
    long callId;
    @Label("Confidence")
    double confidence;
    @Label("Lasted")
    @Timespan(Timespan.NANOSECONDS)
    long lasted;
    @Label("Limit")
    @Description("0 when the kind has none")
    @Timespan(Timespan.NANOSECONDS)
    long limit;
    @Label("Reason")
    String reason = "";
}
