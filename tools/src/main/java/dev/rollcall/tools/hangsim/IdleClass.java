package dev.rollcall.tools.hangsim;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A worker in the scheduling class that gets what others leave over, among processes that leave little. */
final class IdleClass {
    private IdleClass() {
    }

    /** There is no way back to the usual class without privileges; the worker keeps it. */
    static Circumstance.Running begin(Cast cast) {
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc/" + cast.victimPid() + "/task"))) {
            for (Path thread : threads) {
                if (!NativeCalls.runWhenIdle(Integer.parseInt(thread.getFileName().toString()))) {
                    throw new NotRunException("the scheduling class may not be changed");
                }
            }
        } catch (IOException e) {
            throw new NotRunException("threads of the worker cannot be listed: " + e.getMessage());
        }
        return Hogs.start();
    }
}
