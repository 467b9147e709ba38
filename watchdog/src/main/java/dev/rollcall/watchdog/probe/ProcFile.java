package dev.rollcall.watchdog.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One file below {@code /proc}, opened once and read from its start each time: that saves the path walk, the larger part
 * of the cost. One thread. A descriptor stays bound to its thread, and one that is gone stays gone: opened again, the
 * path might lead to another with a recycled id.
 */
final class ProcFile implements AutoCloseable {
    private final Path path;
    private @Nullable FileChannel channel;
    private boolean refused;
    private boolean gone;

    ProcFile(Path path) {
        this.path = path;
    }

    /**
     * Reads the file into the buffer and flips it.
     *
     * @return false when the thread is gone or the file may not be read, see {@link #isRefused()}
     */
    boolean read(ByteBuffer buffer) {
        buffer.clear().limit(0);
        if (refused || gone) {
            return false;
        }
        buffer.clear();
        try {
            if (channel == null) {
                channel = FileChannel.open(path, StandardOpenOption.READ);
            }
            int length = channel.read(buffer, 0);
            buffer.flip();
            return length > 0;
        } catch (AccessDeniedException e) {
            refused = true;
        } catch (NoSuchFileException e) {
            gone = true;
        } catch (IOException e) {
            // ESRCH when the thread has ended, EPERM when only reading is refused; the channel says both in words only.
            refused = channel != null && String.valueOf(e.getMessage()).contains("not permitted");
            gone = channel != null && String.valueOf(e.getMessage()).contains("No such process");
            close();
        }
        buffer.clear().limit(0);
        return false;
    }

    /** It failed for want of permission, and is not tried again. */
    boolean isRefused() {
        return refused;
    }

    /** There is no such thread any more. */
    boolean isGone() {
        return gone;
    }

    @Override
    public void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close path=" + path, e);
            } finally {
                channel = null;
            }
        }
    }
}
