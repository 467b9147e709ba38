package dev.rollcall.rpc;

import java.util.Comparator;
import java.util.Map;
import java.util.function.Supplier;

/** All Java threads of this process with their stacks, the loop's first. Any thread; costs one safepoint. */
final class ThreadDump implements Supplier<String> {

    private final Thread first;

    ThreadDump(Thread first) {
        this.first = first;
    }

    @Override
    public String get() {
        StringBuilder text = new StringBuilder(4096);
        Thread.getAllStackTraces().entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Thread, StackTraceElement[]> e) -> !first.equals(e.getKey()))
                        .thenComparing(e -> e.getValue().length == 0)
                        .thenComparing(e -> e.getKey().threadId()))
                .forEach(e -> append(text, e.getKey(), e.getValue()));
        return text.toString();
    }

    private void append(StringBuilder text, Thread thread, StackTraceElement[] stack) {
        text.append('"').append(thread.getName()).append('"').append(first.equals(thread) ? " loop" : "")
                .append(thread.isDaemon() ? " daemon" : "").append(" id=").append(thread.threadId())
                .append(" state=").append(thread.getState()).append('\n');
        for (StackTraceElement frame : stack) {
            text.append("    at ").append(frame).append('\n');
        }
        text.append('\n');
    }
}
