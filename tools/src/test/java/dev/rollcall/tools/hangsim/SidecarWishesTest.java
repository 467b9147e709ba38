package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.watchdog.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SidecarWishesTest {
    private static final SidecarWishes WISHES = new SidecarWishes(
            Map.of(HangKind.STOPPED, Response.OBSERVE, HangKind.DRIVER_HUNG, Response.FAIL), true,
            "echo $ROLLCALL_WHO");

    private static SimOptions options(boolean enforce) {
        return new SimOptions(8, 5, Fault.STOP, null, Duration.ofSeconds(3), Duration.ofSeconds(20), 4, 1,
                Duration.ofSeconds(1), enforce, Path.of("incidents"), true, false, Load.MIXED, Circumstance.NONE,
                WISHES);
    }

    @Test
    void shouldTellTheSidecarInItsOwnWords() {
        assertThat(WISHES.arguments()).containsExactly("--respond", "DRIVER_HUNG=FAIL,STOPPED=OBSERVE", "--tools",
                "--on-incident", "echo $ROLLCALL_WHO");
        assertThat(SidecarWishes.NONE.arguments()).isEmpty();
    }

    @Test
    void shouldExpectNoMoreThanWhatIsActedOn() {
        assertThat(options(true).isActedOn(HangKind.STOPPED)).isFalse();
        assertThat(options(true).isActedOn(HangKind.SPINNING)).isTrue();
        assertThat(options(true).responseTo(HangKind.DRIVER_HUNG)).isEqualTo(Response.FAIL);
        assertThat(options(false).isActedOn(HangKind.SPINNING)).isFalse();

        Outcomes said = Outcomes.of(Fault.STOP, 5);
        said.options = options(true);
        said.failMs = null;
        said.savedMs = null;
        said.goneMs = null;
        assertThat(Judge.faults(said.build())).isEmpty();
    }
}
