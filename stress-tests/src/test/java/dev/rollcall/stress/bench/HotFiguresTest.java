package dev.rollcall.stress.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.stress.bench.hot.BoardPaths;
import dev.rollcall.stress.bench.hot.DriverPaths;
import dev.rollcall.stress.bench.hot.RingPaths;
import dev.rollcall.stress.bench.hot.WorkerPaths;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.Benchmark;

/** From figures to a file and a page; nothing is measured. */
class HotFiguresTest {
    @TempDir
    private Path folder;

    @Test
    void shouldNameEveryBenchmark() {
        Stream<String> benchmarks = Stream.of(RingPaths.class, BoardPaths.class, WorkerPaths.class, DriverPaths.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Benchmark.class)).map(HotFiguresTest::name);
        assertThat(Arrays.stream(HotPath.values()).map(HotPath::method))
                .containsExactlyInAnyOrderElementsOf(benchmarks.toList());
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    @Test
    void shouldTakeOffWhatTheRingsCost() {
        assertThat(page(240, 5, 0.001)).contains("| worker: a call beside handler and rings | 160 +- 7.07 | 0 |",
                "&lt;= 300 ns | met |", "| 0 B | met |");
        assertThat(page(378, 5, 0.001)).contains("| 298 +- 7.07 | 0 | &lt;= 300 ns | undecided |");
        assertThat(page(400, 5, 48)).contains("| 320 +- 7.07 | 48 | &lt;= 300 ns | missed |", "| 48 | 0 B | missed |");
        assertThat(page(240, Double.NaN, 0)).contains("| 160 | 0 | &lt;= 300 ns | undecided |");
    }

    private String page(double nanos, double error, double bytes) {
        Path file = folder.resolve(HotFigures.FILE);
        HotFigures figures = HotFigures.read(folder.resolve("none"));
        figures.of(machine("a"));
        figures.add(new HotFigure(HotPath.WORKER_CALL, nanos, error, bytes, 15, 0.5));
        figures.add(new HotFigure(HotPath.WORKER_RINGS, 80, error, 0, 15, 1.5));
        figures.write(file);
        String page = HotFigures.read(file).markdown();
        assertThat(page).contains("load before each up to 1.5");
        return page;
    }

    @Test
    void shouldNotMixBuilds() {
        HotFigures figures = HotFigures.read(folder.resolve("none"));
        assertThat(figures.markdown()).isEmpty();
        figures.of(machine("a"));
        figures.add(new HotFigure(HotPath.SIGNAL, 8, 1, 0, 15, 0.5));
        figures.of(machine("a"));
        assertThat(figures.isEmpty()).isFalse();
        figures.of(machine("b"));
        assertThat(figures.isEmpty()).isTrue();
    }

    @Test
    void shouldStayWhenOtherRunsArePublished() {
        HotFigures figures = HotFigures.read(folder.resolve("none"));
        figures.add(new HotFigure(HotPath.SIGNAL, 8, 1, 0, 15, 0.5));
        Saved published = new Saved(folder.resolve("results"));
        figures.write(published.folder().resolve(HotFigures.FILE));
        Saved runs = new Saved(folder.resolve("runs"));
        runs.begin(machine("a"));
        runs.copyTo(published);
        assertThat(published.hotFigures().markdown()).contains("signal, nobody sleeps");
        published.copyTo(runs);
        assertThat(runs.hotFigures().markdown()).isEqualTo(published.hotFigures().markdown());
    }

    private static ObjectNode machine(String build) {
        return JsonNodeFactory.instance.objectNode().put("build", build).put("how", "as ever");
    }
}
