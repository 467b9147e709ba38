package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever two things end a call at the same moment: one outcome, one line in the ledger, its caller told once; and the
 * group takes the next call, or has ended as it was asked to. As {@link CallOutcomeTest}, but in groups that work.
 */
class OutcomePairsTest {

    @TempDir
    Path folder;

    static Stream<Arguments> pairs() {
        return pairsOf(EnumSet.allOf(Cause.class));
    }

    private static Stream<Arguments> pairsOf(Set<Cause> causes) {
        return causes.stream().flatMap(first -> causes.stream().filter(second -> first.compareTo(second) < 0)
                .map(second -> Arguments.of(first, second)));
    }

    /** The build's share. Ranks on threads; a death is what the launcher says it is. */
    @Test
    void shouldEndOnceInPairingsWithoutRestartOrException() {
        List<OutcomeRig.Tally> tallies = new ArrayList<>();
        try (OutcomeRig rig = new OutcomeRig(folder, false)) {
            pairsOf(EnumSet.complementOf(EnumSet.of(Cause.EXCEPTION, Cause.RESTART))).map(Arguments::get)
                    .forEach(pair -> tallies.add(rig.play((Cause) pair[0], (Cause) pair[1], 1)));
        }
        assertThat(tallies).hasSize(15);
        System.out.println("who came first " + tallies);
    }

    /** A new epoch, and new processes, are what takes time. */
    private static int rounds(Cause first, Cause second, int ofEpochs) {
        return first.endsEpoch() || second.endsEpoch() ? ofEpochs : 60;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    @Tag("stress")
    void shouldEndOnceHoweverOften(Cause first, Cause second) {
        try (OutcomeRig rig = new OutcomeRig(folder, false)) {
            System.out.println("threads " + rig.play(first, second, rounds(first, second, 30)));
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    @Tag("stress")
    void shouldEndOnceInProcesses(Cause first, Cause second) {
        try (OutcomeRig rig = new OutcomeRig(folder, true)) {
            System.out.println("processes " + rig.play(first, second, rounds(first, second, 4)));
        }
    }
}
