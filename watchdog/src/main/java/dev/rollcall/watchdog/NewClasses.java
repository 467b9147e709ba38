package dev.rollcall.watchdog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of each (method, cost class) once, when it has a limit of its own. Any thread. */
final class NewClasses {
    private static final Logger LOG = LoggerFactory.getLogger(NewClasses.class);

    private final Set<Known> known = new LinkedHashSet<>();
    private final List<BiConsumer<String, String>> told = new ArrayList<>();

    private record Known(String method, String costClass) {
    }

    synchronized void add(BiConsumer<String, String> listener) {
        told.add(listener);
        known.forEach(each -> tell(listener, each));
    }

    /** The watchdog's thread; a class that is known stays known. */
    synchronized void update(LimitTable table) {
        if (table.classes().size() == known.size()) {
            return;
        }
        for (LimitTable.LearnedClass each : table.classes()) {
            Known met = new Known(each.method(), each.costClass());
            if (known.add(met)) {
                told.forEach(listener -> tell(listener, met));
            }
        }
    }

    private static void tell(BiConsumer<String, String> listener, Known met) {
        try {
            listener.accept(met.method, met.costClass);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOG.error("listener for learned classes threw: {}", met, e);
        }
    }
}
