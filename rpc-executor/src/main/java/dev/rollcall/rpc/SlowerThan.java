package dev.rollcall.rpc;

import java.time.Duration;
import java.util.Set;

import jdk.jfr.SettingControl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From which duration on a call counts as slow in a recording: 1 s unless it says, the least when several do. */
final class SlowerThan extends SettingControl {

    private static final Logger LOG = LoggerFactory.getLogger(SlowerThan.class);
    private static final String DEFAULT = "1 s";

    private String value = DEFAULT;
    private volatile long nanos = nanos(DEFAULT);

    /** For the recorder. */
    SlowerThan() {
    }

    long nanos() {
        return nanos;
    }

    @Override
    public String combine(Set<String> settings) {
        String least = DEFAULT;
        long leastNanos = Long.MAX_VALUE;
        for (String each : settings) {
            if (nanos(each) < leastNanos) {
                leastNanos = nanos(each);
                least = each;
            }
        }
        return least;
    }

    @Override
    public void setValue(String setting) {
        value = setting;
        nanos = nanos(setting);
    }

    @Override
    public String getValue() {
        return value;
    }

    /** As in other settings of the recorder, "500 ms", and as in ours, "500ms"; the default for what is neither. */
    private static long nanos(String text) {
        try {
            return new GroupProperties(name -> text).duration("slowerThan", Duration.ofSeconds(1)).toNanos();
        } catch (IllegalArgumentException | ArithmeticException e) {
            LOG.warn("setting of dev.rollcall.SlowCall is not a duration slowerThan={}", text);
            return 1_000_000_000L;
        }
    }
}
