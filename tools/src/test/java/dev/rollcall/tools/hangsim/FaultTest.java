package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultTest {
    @Test
    void shouldListWhatARehearsalCanShow() {
        assertThat(Fault.list()).hasSize((int) Arrays.stream(Fault.values()).filter(Fault::isHang).count());
        assertThat(Fault.list())
                .anyMatch(line -> line.matches("stop +SIGSTOP +named STOPPED .the driver: DRIVER_HUNG."))
                .anyMatch(line -> line.matches("block +native wait without end +named BLOCKED"))
                .noneMatch(line -> line.startsWith("straggle"));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void shouldBePlayedByTheMatrixWhenItIsNoHang(Fault fault) {
        assertThat(fault.isHang() || MatrixCase.of(fault).fault() == fault).isTrue();
    }

    @Test
    void shouldNeedALimitWhereLatenessIsTheOnlySign() {
        assertThat(Arrays.stream(Fault.values()).filter(Fault::needsLimit)).containsExactly(Fault.SPIN, Fault.BLOCK,
                Fault.SOCKET, Fault.FIFO, Fault.IGNORE_CANCEL, Fault.SKIP);
    }
}
