package dev.rollcall.stress.kill;

import dev.rollcall.rpc.CallContext;
import dev.rollcall.rpc.Worker;
import java.lang.foreign.MemorySegment;

/** Gives back what it is given. */
public final class EchoWorker implements Worker {
    @Override
    public MemorySegment call(CallContext call) {
        return call.arguments();
    }
}
