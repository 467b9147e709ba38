package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CallEventsTest {

    @TempDir
    private Path folder;

    @Test
    void shouldRecordFailedAndSlowCallsButNoOthers() throws IOException {
        List<RecordedEvent> events;
        try (CollectiveExecutor group = CollectiveExecutor.builder(ThreadLauncher.of(TestWorker::new), 2)
                .defaultTimeout(TestGroup.SECONDS_10).start(); Recording recording = new Recording()) {
            call(group, "sleep", "40", "before"); // nobody records
            recording.enable("dev.rollcall.CallFailed");
            recording.enable("dev.rollcall.SlowCall").with("slowerThan", "1 h");
            recording.start();
            call(group, "rank", "", "quick");
            assertThatThrownBy(() -> call(group, "fail", "1 exception", "broken"))
                    .isInstanceOf(RemoteCallException.class);
            recording.enable("dev.rollcall.SlowCall").with("slowerThan", "40 ms");
            call(group, "sleep", "40", "long");
            recording.stop();
            Path file = folder.resolve("calls.jfr");
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
        }
        RecordedEvent failed = only(events, "dev.rollcall.CallFailed");
        assertThat(failed.getString("method")).isEqualTo("fail");
        assertThat(failed.getString("costClass")).isEqualTo("broken");
        assertThat(failed.getString("outcome")).isEqualTo("FAILED");
        assertThat(failed.getString("message")).contains("disk on fire").contains("rank=1");
        assertThat(failed.getLong("callId")).isEqualTo(3);
        assertThat(failed.getEventType().getCategoryNames()).containsExactly("Rollcall");
        List<RecordedEvent> slow = of(events, "dev.rollcall.SlowCall");
        assertThat(slow).allMatch(event -> event.getDuration("took").compareTo(Duration.ofMillis(40)) >= 0)
                .extracting(event -> event.getString("costClass")).contains("long").doesNotContain("before", "quick",
                        "broken");
    }

    private static void call(CollectiveExecutor group, String method, String arguments, String costClass) {
        CallResult _ = TestGroup
                .get(group.call(method, TestWorker.text(arguments), CallOptions.allRanks().inClass(costClass)));
    }

    private static RecordedEvent only(List<RecordedEvent> events, String name) {
        List<RecordedEvent> found = of(events, name);
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
    }
}
