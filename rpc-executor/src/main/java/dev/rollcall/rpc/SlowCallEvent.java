package dev.rollcall.rpc;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.SettingDefinition;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A call that took longer than the recording wants to know, however it ended. */
@Name("dev.rollcall.SlowCall")
@Label("Slow Call")
@Description("A collective call that took longer than the setting slowerThan, however it ended")
@Category("Rollcall")
@StackTrace(false)
final class SlowCallEvent extends Event {

    @Label("Group")
    String group = "";
    @Label("Method")
    String method = "";
    @Label("Cost Class")
    String costClass = "";
    @Label("Call Id")
    long callId;
    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;
    @Label("Expected")
    @Description("As its caller declared, 0 when it did not")
    @Timespan(Timespan.NANOSECONDS)
    long expected;
    @Label("Outcome")
    String outcome = "";

    /** Asked by the recorder before it keeps an event. */
    @Label("Slower Than")
    @Name("slowerThan")
    @SettingDefinition
    boolean slowerThan(SlowerThan setting) {
        return took >= setting.nanos();
    }
}
