package dev.rollcall.stress.kill;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All labels there are, read from the compiled classes. */
final class Labels {
    private static final String STEPS = "dev/rollcall/shm/os/Steps";
    private static final String PACKAGE = "dev/rollcall/";

    private Labels() {
    }

    /** Methods that do more for a label than to load it. */
    static List<String> built() {
        List<String> built = new ArrayList<>();
        everyMethod(method -> {
            @Nullable CodeElement before = null;
            for (CodeElement element : method.code().map(code -> code.elementList()).orElse(List.of())) {
                if (isLabel(element) && !(before instanceof ConstantInstruction)) {
                    built.add(method.methodName().stringValue());
                }
                before = element instanceof Instruction ? element : before;
            }
        });
        return built;
    }

    /** As often as they stand in the code, but once for each method: what stands in a finally block is compiled twice. */
    static List<String> onClassPath() {
        List<String> labels = new ArrayList<>();
        everyMethod(method -> collect(method, labels));
        return labels;
    }

    private static void everyMethod(Consumer<MethodModel> look) {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            try {
                if (Files.isDirectory(path)) {
                    methods(path.resolve(PACKAGE), look);
                } else if (Files.isRegularFile(path) && entry.contains("rollcall-")) {
                    try (FileSystem jar =
                            FileSystems.newFileSystem(URI.create("jar:" + path.toUri()), Map.of())) {
                        methods(jar.getPath(PACKAGE), look);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + entry, e);
            }
        }
    }

    private static void methods(Path folder, Consumer<MethodModel> look) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
                ClassFile.of().parse(Files.readAllBytes(file)).methods().forEach(look);
            }
        }
    }

    private static void collect(MethodModel method, List<String> labels) {
        Set<String> found = new LinkedHashSet<>();
        String constant = "";
        for (CodeElement element : method.code().map(code -> code.elementList()).orElse(List.of())) {
            if (element instanceof ConstantInstruction load && load.constantValue() instanceof String text) {
                constant = text;
            } else if (isLabel(element)) {
                found.add(constant);
            }
        }
        labels.addAll(found);
    }

    private static boolean isLabel(CodeElement element) {
        return element instanceof InvokeInstruction call && call.owner().asInternalName().equals(STEPS)
                && call.name().equalsString("at");
    }
}
