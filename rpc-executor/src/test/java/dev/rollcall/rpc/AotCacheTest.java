package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.rollcall.shm.board.Phase;

class AotCacheTest {

    @TempDir
    Path folder;

    @Test
    void shouldBeMadeOnceAndUsedByEveryWorkerWithoutAWord() throws Exception {
        String classPath = jars();
        Path caches = folder.resolve("caches");
        List<String> printed = new CopyOnWriteArrayList<>();
        ProcessLauncher launcher = TestGroup.launcher().classPath(classPath).aotCache(caches)
                .output((rank, line) -> printed.add(line)).build();
        FileTime made = null;
        for (int round = 0; round < 2; round++) {
            long start = System.nanoTime();
            try (CollectiveExecutor group = CollectiveExecutor.builder(launcher, 2).start()) {
                System.out.println("two workers with AOT cache, round " + round + ": "
                        + (System.nanoTime() - start) / 1_000_000 + " ms");
                assertThat(TestGroup.get(group.call("rank", MemorySegment.NULL)).workers()).isEqualTo(2);
                Path cache = onlyFile(caches);
                assertThat(Files.readString(Path.of("/proc/" + group.pid(1) + "/maps"))).contains(cache.toString());
                if (made != null) {
                    assertThat(Files.getLastModifiedTime(cache)).isEqualTo(made);
                }
                made = Files.getLastModifiedTime(cache);
            }
        }
        assertThat(printed).allMatch(line -> line.startsWith("worker opened"));
    }

    /** The second line is how long eight took that found the cache; most of it is the processors' work of eight JVMs. */
    @Test
    @Tag("stress")
    void shouldHaveEightWorkersReadyInAMoment() throws Exception {
        String classPath = jars();
        ProcessLauncher plain = ProcessLauncher.of(EmbedExample.Model.class).classPath(classPath).build();
        ProcessLauncher cached = ProcessLauncher.of(EmbedExample.Model.class).classPath(classPath)
                .aotCache(folder.resolve("caches")).build();
        CollectiveExecutor.builder(cached, 1).start().close(); // makes the cache
        System.out.println("eight workers, no AOT cache: " + bestStart(plain));
        Startup best = bestStart(cached);
        System.out.println("eight workers, AOT cache: " + best);
        assertThat(best.ready).as("0.55 s and the handshake on two cores at rest").isLessThan(Duration.ofSeconds(4));
    }

    private static Startup bestStart(ProcessLauncher launcher) {
        return Stream.generate(() -> start(launcher)).limit(5).min(Comparator.comparing(Startup::ready)).orElseThrow();
    }

    /** From the first launch until the last was on the board, and until the last could take calls. */
    private record Startup(Duration up, Duration ready) {

        @Override
        public String toString() {
            return "up=" + up.toMillis() + " ms ready=" + ready.toMillis() + " ms";
        }
    }

    private static Startup start(ProcessLauncher launcher) {
        Duration[] last = new Duration[2];
        BitSet up = new BitSet();
        GroupListener listener = new GroupListener() {
            @Override
            public void rankStarting(int rank, Phase phase, Duration after) {
                if (!up.get(rank)) {
                    up.set(rank);
                    last[0] = after;
                }
                last[1] = after;
            }
        };
        CollectiveExecutor.builder(launcher, 8).listener(listener).start().close();
        return new Startup(last[0], last[1]);
    }

    @Test
    void shouldDoWithoutWhenItCannotBeOrIsNotWanted() throws Exception {
        Path caches = folder.resolve("caches");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertThat(AotCache.flags(caches, java, folder.toString(), List.of())).as("a folder on the class path")
                .isEmpty();
        assertThat(AotCache.flags(caches, java, "x.jar", List.of("-Xshare:off"))).isEmpty();
        Path open = Files.createDirectory(folder.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        assertThat(AotCache.flags(open, java, "x.jar", List.of())).as("others could look or worse").isEmpty();
        assertThat(caches).doesNotExist();
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    /** This class path, its folders as jars. */
    private String jars() throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                Path jar = folder.resolve("part" + entries.size() + ".jar");
                pack(path, jar);
                entries.add(jar.toString());
            } else if (entry.contains("rollcall") || entry.contains("agrona") || entry.contains("slf4j-api")
                    || entry.contains("jspecify")) {
                entries.add(entry);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> walk = Files.walk(classes)) {
            for (Path path : walk.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
    }
}
