package dev.rollcall.tools.bench;

import dev.rollcall.rpc.CallContext;
import dev.rollcall.rpc.Worker;
import dev.rollcall.rpc.WorkerContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One rank of W3: checks what it is asked and answers with a stamp. Nothing is allocated per call. */
public final class GatherWorker implements Worker {
    private final MemorySegment reply = Arena.ofAuto().allocate(Gather.REPLY, Long.BYTES);

    /** For the launcher. */
    public GatherWorker() {
    }

    @Override
    public void open(WorkerContext context) {
        context.waiting(WaitMode.valueOf(context.arguments().getOrDefault(Gather.MODE, "DEFAULT")).strategy());
    }

    @Override
    public MemorySegment call(CallContext call) {
        long number = Stamp.get(call.buffer(), call.offset());
        if (call.length() != Gather.REQUEST || !Stamp.isWhole(call.buffer(), call.offset(), call.length(), number)) {
            throw new IllegalStateException("request is torn: number=" + number + " length=" + call.length());
        }
        Stamp.put(reply, Gather.REPLY, number);
        return reply;
    }
}
