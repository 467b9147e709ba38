package dev.rollcall.shm.os;

/** Ends itself while a thread is in native code and a shutdown hook would wait for it. */
final class ExitMain {
    private ExitMain() {
    }

    public static void main(String[] args) {
        Thread stuck = Thread.ofPlatform().start(() -> Linux.nanosleep(600_000_000_000L));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                stuck.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        Linux.exitNow(Integer.parseInt(args[0]));
    }
}
