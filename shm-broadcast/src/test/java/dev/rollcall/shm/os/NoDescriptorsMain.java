package dev.rollcall.shm.os;

import dev.rollcall.shm.RollcallException;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Looks after a process while it has not one file descriptor left, then again when it has. */
final class NoDescriptorsMain {
    private NoDescriptorsMain() {
    }

    public static void main(String[] args) throws IOException {
        ProcessIdentity other = Objects.requireNonNull(ProcessIdentity.of(Integer.parseInt(args[0])));
        // Loads whatever the looking and the throwing need.
        String before = look(other) + look(new ProcessIdentity(Integer.MAX_VALUE, 1, 1, 1, 0))
                + Native.failed("x", 24, "x").getMessage();
        List<FileInputStream> files = new ArrayList<>();
        try {
            while (files.size() < 10_000) {
                files.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException full) {
            System.setProperty("full", full.toString());
        }
        String without = look(other);
        for (FileInputStream file : files) {
            file.close();
        }
        System.out.println("before " + before);
        System.out.println("without " + without + " files=" + files.size());
        System.out.println("after " + look(other));
    }

    private static String look(ProcessIdentity other) {
        try {
            return other.isAlive() ? "alive" : "gone";
        } catch (RollcallException e) {
            return "unknown: " + e.getMessage();
        }
    }
}
