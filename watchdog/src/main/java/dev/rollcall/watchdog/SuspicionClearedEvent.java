package dev.rollcall.watchdog;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The end of a suspicion or an excuse, as an event of the JDK's Flight Recorder. */
@Name("dev.rollcall.SuspicionCleared")
@Label("Suspicion Cleared")
@Description("What was suspected or excused is so no longer")
@Category("Rollcall")
@StackTrace(false)
final class SuspicionClearedEvent extends Event {
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
    boolean excuse;
    @Label("Stood For")
    @Timespan(Timespan.NANOSECONDS)
    long stoodFor;
}
