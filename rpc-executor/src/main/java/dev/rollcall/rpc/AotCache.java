package dev.rollcall.rpc;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.os.Linux;

/**
 * One ahead-of-time cache (JEP 483, 514) per JVM, class path and flags: made by a training run when the first worker
 * wants it, then used by all. Any thread.
 *
 * <p>The cache holds code that workers run, so its folder must be this user's own and closed to others. It is an
 * acceleration and nothing else: whatever keeps it from being made is logged once, and workers start without.
 */
final class AotCache {

    private static final Logger LOG = LoggerFactory.getLogger(AotCache.class);
    private static final long TRAINING_SECONDS = 60;
    /** What each cache's flags are; empty after a failure. The lock of a key is held while its cache is made. */
    private static final Map<Path, List<String>> KNOWN = new ConcurrentHashMap<>();

    private AotCache() {
    }

    /** To be put before the class path; none when there is no cache. */
    static List<String> flags(Path folder, String java, String classPath, List<String> jvmFlags) {
        for (String flag : jvmFlags) {
            // A cache and a shared archive exclude each other, and two caches make no sense.
            if (flag.startsWith("-Xshare") || flag.startsWith("-XX:SharedArchiveFile") || flag.startsWith("-XX:AOT")) {
                return List.of();
            }
        }
        try {
            Path file = folder.resolve("rollcall-" + key(java, classPath, jvmFlags) + ".aot");
            return KNOWN.computeIfAbsent(file, wanted -> prepare(folder, wanted, java, classPath, jvmFlags));
        } catch (IOException e) {
            throw new RollcallException("cannot read the class path=" + classPath, e);
        }
    }

    private static String key(String java, String classPath, List<String> jvmFlags) throws IOException {
        MessageDigest digest = sha256();
        Path home = Path.of(java).toRealPath();
        digest.update((home + " " + Files.getLastModifiedTime(home) + "\n").getBytes(StandardCharsets.UTF_8));
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            String facts = Files.exists(path)
                    ? Files.size(path) + " " + Files.getLastModifiedTime(path)
                    : "absent";
            digest.update((entry + " " + facts + "\n").getBytes(StandardCharsets.UTF_8));
        }
        digest.update(jvmFlags.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static List<String> prepare(Path folder, Path file, String java, String classPath, List<String> jvmFlags) {
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            if (Files.isDirectory(Path.of(entry))) {
                LOG.info("no AOT cache: the JVM takes jars only classPathEntry={}", entry);
                return List.of();
            }
        }
        try {
            requirePrivate(folder);
            if (!Files.exists(file)) {
                train(folder, file, java, classPath, jvmFlags);
            }
            return List.of("-XX:AOTCache=" + file, "-Xlog:aot=off");
        } catch (IOException | RollcallException e) {
            LOG.warn("no AOT cache file={}", file, e);
            return List.of();
        }
    }

    private static void requirePrivate(Path folder) throws IOException {
        try {
            Files.createDirectory(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
            Object owner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            if (!owner.equals(Linux.uid()) || !mode.equals(PosixFilePermissions.fromString("rwx------"))) {
                throw new RollcallException("folder of AOT caches must be this user's own and closed to others owner="
                        + owner + " mode=" + PosixFilePermissions.toString(mode) + " folder=" + folder);
            }
        }
    }

    /** Under another name, so that nobody ever sees half a cache; two drivers may do it at once. */
    private static void train(Path folder, Path file, String java, String classPath, List<String> jvmFlags)
            throws IOException {
        long start = System.nanoTime();
        Path draft = Files.createTempFile(folder, "draft-", ".aot");
        try {
            List<String> command = new ArrayList<>();
            command.add(java);
            command.addAll(ProcessLauncher.DEFAULT_FLAGS);
            command.addAll(jvmFlags);
            command.addAll(List.of("-XX:AOTCacheOutput=" + draft, "-Xlog:aot=off", "-cp", classPath,
                    WorkerTraining.class.getName()));
            Process training = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(new File("/dev/null")).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!await(training) || training.exitValue() != 0 || Files.size(draft) == 0) {
                training.destroyForcibly();
                throw new RollcallException("training run failed exit="
                        + (training.isAlive() ? "none" : training.exitValue()) + " command=" + command);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            LOG.info("AOT cache made file={} bytes={} millis={}", file, Files.size(file),
                    (System.nanoTime() - start) / 1_000_000);
        } catch (AtomicMoveNotSupportedException e) {
            throw new RollcallException("cannot move within folder=" + folder, e);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static boolean await(Process training) {
        try {
            return training.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
