package dev.rollcall.watchdog.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProcLineTest {
    private static ByteBuffer line(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void shouldFindStateAndTimesBehindANameThatLooksLikeFields() {
        ByteBuffer stat = line("42 (evil) R 1 (name)) T 1 2 3 4 5 6 7 8 9 10 1234 66 0 0 20 0 1 0 99\n");
        int at = ProcLine.stateIndex(stat);

        assertThat((char) stat.get(at)).isEqualTo('T');
        assertThat(ProcLine.cpuTicks(stat, at)).isEqualTo(1300);
    }

    @Test
    void shouldFindTheStateBehindTheLongestName() {
        ByteBuffer stat = line("4194304 (" + ")".repeat(64) + ") D" + " 18446744073709551615".repeat(49) + "\n");

        assertThat((char) stat.get(ProcLine.stateIndex(stat))).isEqualTo('D');
    }

    @Test
    void shouldNotTripOverLinesThatAreCutShort() {
        for (String cut : new String[]{"", "42", "42 (x)", "42 (x) ", "42 (x) S", "42 (x) S 1 2"}) {
            ByteBuffer stat = line(cut);
            int at = ProcLine.stateIndex(stat);
            assertThat(at < 0 || ProcLine.cpuTicks(stat, at) == 0).as(cut).isTrue();
        }
        assertThat(ProcLine.tracerPid(line("TracerPid:"))).isEqualTo(-1);
        assertThat(ProcLine.tracerPid(line(""))).isEqualTo(-1);
    }

    @Test
    void shouldReadTheTracer() {
        assertThat(ProcLine.tracerPid(line("Name:\tT\nTgid:\t7\nTracerPid:\t4321\nUid:\t0\n"))).isEqualTo(4321);
    }

    @Test
    void shouldHandBackTheLastTextWhenItSaysTheSame() {
        String last = "futex_do_wait";

        assertThat(ProcLine.text(line("futex_do_wait\n"), last)).isSameAs(last);
        assertThat(ProcLine.text(line("pipe_read"), last)).isEqualTo("pipe_read");
        assertThat(ProcLine.text(line("\n"), null)).isEmpty();
    }
}
