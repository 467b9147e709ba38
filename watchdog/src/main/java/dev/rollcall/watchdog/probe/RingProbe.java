package dev.rollcall.watchdog.probe;

import dev.rollcall.shm.RingObserver;
import dev.rollcall.shm.RingStatus;
import dev.rollcall.shm.RollcallException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One ring, mapped read-only as soon as its file is there. One thread at a time. */
final class RingProbe implements AutoCloseable {
    private final Path file;
    private @Nullable RingObserver observer;
    private boolean unreadable;

    RingProbe(Path file) {
        this.file = file;
    }

    @Nullable
    RingStatus read(Consumer<String> missing) {
        if (observer == null && !unreadable && Files.exists(file)) {
            try {
                observer = RingObserver.open(file);
            } catch (RollcallException e) {
                unreadable = true;
                missing.accept("ring not read: " + e.getMessage());
            }
        }
        return observer == null ? null : observer.status();
    }

    @Override
    public void close() {
        if (observer != null) {
            observer.close();
            observer = null;
        }
    }
}
