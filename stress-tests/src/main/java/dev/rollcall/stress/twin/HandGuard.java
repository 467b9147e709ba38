package dev.rollcall.stress.twin;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The guard of unchecked accesses, by hand, with fences on the user's side in place of the closer's barriers. */
final class HandGuard {
    enum Fault {
        NONE,
        /** The user marks itself and looks, and nothing keeps the two in order. */
        NO_FENCE,
        /** The closer unmaps without waiting for a user who is inside. */
        NO_WAIT,
        /** The user goes and looks what was left to it, and nothing keeps the two in order. */
        NO_FENCE_AT_EXIT,
        /** The closer looks whether the user is inside, and then leaves it to the user. */
        LOOKED_BEFORE_LEAVING,
        /** The closer does not look, and unmaps. */
        NOT_LOOKED,
        /** Who finds something to do does it, and nobody takes it away from the other first. */
        NOT_TAKEN
    }

    private static final VarHandle INSIDE;
    private static final VarHandle LAST;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(HandGuard.class, "inside", boolean.class);
            LAST = MethodHandles.lookup().findVarHandle(HandGuard.class, "last", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Fault fault;
    @SuppressWarnings("UnusedVariable") // read through INSIDE
    private boolean inside;
    private volatile boolean closed;
    private volatile @Nullable Runnable last;

    HandGuard(Fault fault) {
        this.fault = fault;
    }

    boolean enter() {
        INSIDE.setOpaque(this, true);
        if (fault != Fault.NO_FENCE) {
            VarHandle.fullFence();
        }
        if (closed) {
            exitLast();
            return false;
        }
        return true;
    }

    void exit() {
        INSIDE.setRelease(this, false);
    }

    void exitLast() {
        exit();
        if (fault != Fault.NO_FENCE_AT_EXIT) {
            VarHandle.fullFence();
        }
        if (last != null) {
            runLast();
        }
    }

    private void runLast() {
        Runnable end = (Runnable) (fault == Fault.NOT_TAKEN ? LAST.getVolatile(this) : LAST.getAndSet(this, null));
        if (end != null) {
            end.run();
        }
    }

    /** Closes, and has that done last by whoever of the two is the last. */
    void leaveTo(Runnable end) {
        closed = true;
        boolean early = fault == Fault.LOOKED_BEFORE_LEAVING && (boolean) INSIDE.getAcquire(this);
        last = end;
        boolean inside = switch (fault) {
            case LOOKED_BEFORE_LEAVING -> early;
            case NOT_LOOKED -> false;
            default -> (boolean) INSIDE.getAcquire(this);
        };
        if (!inside) {
            runLast();
        }
    }

    void close() {
        closed = true;
        while (fault != Fault.NO_WAIT && (boolean) INSIDE.getAcquire(this)) {
            Thread.onSpinWait();
        }
    }
}
