package dev.rollcall.stress.kill;

import java.time.Duration;

/** A group's life in a process of its own. */
public final class DriverMain {
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private DriverMain() {
    }

    public static void main(String[] args) {
        Part.play(() -> {
            Ledger ledger = new Ledger();
            boolean _ = new GroupPlay(ledger, args[0], 2, GroupPlay.launcher().build(), PATIENT, PATIENT).all();
            if (!ledger.troubles().isEmpty() || !ledger.told().equals("round ok x2")) {
                throw new IllegalStateException("troubles=" + ledger.troubles() + " told=" + ledger.told());
            }
        });
    }
}
