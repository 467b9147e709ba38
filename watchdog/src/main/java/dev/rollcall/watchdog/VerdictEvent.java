package dev.rollcall.watchdog;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A verdict, as an event of the JDK's Flight Recorder. */
@Name("dev.rollcall.Verdict")
@Label("Verdict")
@Description("The watchdog has reached a verdict")
@Category("Rollcall")
@StackTrace(false)
final class VerdictEvent extends Event {
    @Label("Group")
    String group = "";
    @Label("Who")
    String who = "";
    @Label("Rank")
    @Description("-1 nobody, -2 the driver")
    int rank;
    @Label("Kind")
    String kind = "";
    @Label("Acted")
    @Description("False when the watchdog only observes")
    boolean acted;
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
    @Label("Victims")
    String victims = "";
    @Label("Reason")
    String reason = "";
}
