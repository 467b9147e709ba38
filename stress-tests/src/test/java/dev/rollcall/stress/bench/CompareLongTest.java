package dev.rollcall.stress.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark itself: the command as a person starts it, a pair of short runs with each peer. */
@Tag("stress")
class CompareLongTest {
    private static final long PATIENCE_SECONDS = 900;

    @TempDir
    private Path folder;

    @Test
    void shouldMeasureEveryPeer() throws Exception {
        Path launcher = Path.of("../rollcall").toAbsolutePath().normalize();
        Path out = folder.resolve("run");
        Execution done = Execution.of(List.of(launcher.toString(), "bench", "compare", "--cases",
                "w1-spin,w2-64-x1-yield,w2-64-x1-default,w3-n4-default", "--pairs", "1", "--scale", "0.1", "--out",
                out.toString()), Map.of(), PATIENCE_SECONDS);

        assertThat(done.status()).as(done.out() + done.err()).isZero();
        Saved saved = new Saved(out);
        Set<String> measured = saved.runs().stream().filter(run -> run.error().isEmpty()).map(RunLine::peer)
                .collect(Collectors.toSet());
        boolean compiler = Files.exists(out.resolve("reference"));
        assertThat(measured).contains(Case.PRODUCT, Plan.AERON, Plan.AGRONA, Plan.SOCKETS, Plan.GRPC);
        assertThat(measured.contains(Plan.C)).isEqualTo(compiler);
        assertThat(saved.runs()).allSatisfy(run -> assertThat(run.error().isEmpty() || run.peer().equals(Plan.C))
                .as(run.toString()).isTrue());
        assertThat(new Results(saved, Plan.cases()).text()).contains("SHORTENED RUNS", "W1 64 B, spinning",
                "W3 4 workers, default");
    }
}
