package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.tools.hangsim.RequestLedger.Account;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class RequestLedgerTest {
    private final MemorySegment memory = Arena.ofAuto().allocate(SimLayout.BYTES, 128);
    private final RequestLedger driver = new RequestLedger(memory, 4);
    private final RequestLedger owner = new RequestLedger(memory, 4);

    @Test
    void shouldEndEachRequestOnce() {
        long first = driver.submit(0);
        long second = driver.submit(1);
        assertThat(owner.open()).isEqualTo(2);

        driver.complete(0, first);
        driver.fail(1, second);

        assertThat(owner.open()).isZero();
        assertThat(owner.account()).isEqualTo(new Account(2, 1, 1, 0));
        assertThat(owner.account().lost()).isZero();
    }

    @Test
    void shouldCountASecondEndAndARequestWithoutOne() {
        long id = driver.submit(0);
        driver.complete(0, id);
        driver.complete(0, id);
        driver.submit(1);

        assertThat(owner.account()).isEqualTo(new Account(2, 1, 0, 1));
        assertThat(owner.account().lost()).isEqualTo(1);
    }

    @Test
    void shouldLetTheOwnerFailWhatADriverCannotAndIgnoreTheDriverAfterwards() {
        long done = driver.submit(0);
        long open = driver.submit(1);
        driver.complete(0, done);

        assertThat(owner.failAllOpen()).isEqualTo(1);
        driver.complete(1, open);

        assertThat(driver.submit(2)).isEqualTo(RequestLedger.REFUSED);
        assertThat(owner.account()).isEqualTo(new Account(2, 1, 1, 0));
    }
}
