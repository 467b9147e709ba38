package dev.rollcall.rpc;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A call that ended with anything but its replies. */
@Name("dev.rollcall.CallFailed")
@Label("Call Failed")
@Description("A collective call that failed, timed out or was cancelled")
@Category("Rollcall")
@StackTrace(false)
final class FailedCallEvent extends Event {

    @Label("Group")
    String group = "";
    @Label("Method")
    String method = "";
    @Label("Cost Class")
    String costClass = "";
    @Label("Call Id")
    @Description("Within its epoch; 0 for one that was never sent")
    long callId;
    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;
    @Label("Outcome")
    String outcome = "";
    @Label("Error")
    String error = "";
    @Label("Message")
    String message = "";
}
