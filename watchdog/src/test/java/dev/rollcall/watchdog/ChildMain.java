package dev.rollcall.watchdog;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.board.CollectiveMarks;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.os.Linux;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A process of a group for tests: {@code ChildMain <board> driver|<rank>}. It beats by itself and does what its standard
 * input says, a line each, acknowledging each; it leaves when that ends.
 */
final class ChildMain {
    private static final long BEAT_NANOS = 100_000_000L;
    private static volatile boolean hung;
    private static volatile boolean busy;

    private ChildMain() {
    }

    public static void main(String[] args) throws IOException {
        try (Board board = Board.open(Path.of(args[0]), false)) {
            if (args[1].equals("driver")) {
                drive(board);
            } else {
                work(board, Integer.parseInt(args[1]));
            }
        }
    }

    private static void drive(Board board) throws IOException {
        BoardDriver driver = board.asDriver();
        driver.loopThread(Linux.gettid());
        driver.phase(Phase.READY);
        beat(driver::pulseThread, () -> {
            driver.pulse();
            if (!hung) {
                driver.tick();
            }
        });
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            acknowledge();
            while (in.readLine() != null) {
                hung = true;
                acknowledge();
            }
        }
    }

    private static void work(Board board, int rank) throws IOException {
        BoardWorker worker = board.asWorker(rank);
        CollectiveMarks marks = worker.collective(0);
        worker.loopThread(Linux.gettid());
        worker.phase(Phase.READY);
        beat(worker::pulseThread, () -> {
            worker.pulse();
            worker.serveStackRequest(() -> "stack of rank " + rank);
            if (!busy) {
                worker.tick();
            }
        });
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            acknowledge();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", -1);
                long number = words.length > 1 ? Long.parseLong(words[1]) : 0;
                switch (words[0]) {
                    case "start" -> {
                        busy = true;
                        worker.received(number);
                        worker.started(number, Integer.parseInt(words[2]), Integer.parseInt(words[3]));
                    }
                    case "enter" -> marks.entered(number, "all_reduce", 1024, "bf16");
                    case "complete" -> marks.completed(number);
                    case "finish" -> {
                        worker.finished(number);
                        worker.replied(number);
                        busy = false;
                    }
                    case "spin" -> spin();
                    case "sleep" -> Linux.nanosleep(number * 1_000_000L);
                    default -> throw new IllegalArgumentException(line);
                }
                acknowledge();
            }
        }
    }

    private static void spin() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    private static void acknowledge() {
        System.out.println("ok");
        System.out.flush();
    }

    private static void beat(IntConsumer thread, Runnable once) {
        Thread.ofPlatform().daemon().start(() -> {
            thread.accept(Linux.gettid());
            while (true) {
                once.run();
                LockSupport.parkNanos(BEAT_NANOS);
            }
        });
    }
}
