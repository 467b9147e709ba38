package dev.rollcall.stress.twin;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The guard of a writer's unchecked stores, by hand, with a fence on the user's side in place of the closer's barrier. */
final class HandGuard {
    enum Fault {
        NONE,
        /** The user marks itself and looks, and nothing keeps the two in order. */
        NO_FENCE,
        /** The closer unmaps without waiting for a user who is inside. */
        NO_WAIT
    }

    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(HandGuard.class, "inside", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Fault fault;
    @SuppressWarnings("UnusedVariable") // read through INSIDE
    private boolean inside;
    private volatile boolean closed;

    HandGuard(Fault fault) {
        this.fault = fault;
    }

    boolean enter() {
        INSIDE.setOpaque(this, true);
        if (fault != Fault.NO_FENCE) {
            VarHandle.fullFence();
        }
        if (closed) {
            exit();
            return false;
        }
        return true;
    }

    void exit() {
        INSIDE.setRelease(this, false);
    }

    void close() {
        closed = true;
        while (fault != Fault.NO_WAIT && (boolean) INSIDE.getAcquire(this)) {
            Thread.onSpinWait();
        }
    }
}
