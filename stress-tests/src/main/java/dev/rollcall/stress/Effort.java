package dev.rollcall.stress;

import java.util.List;

/** How much of it is run. */
enum Effort {
    /**
     * About a minute, part of every build: the tests of the real thing that differ, and a twin of each protocol that is
     * caught at once.
     */
    SMOKE,

    /** Each test in each combination of interpreter, C1 and C2 for its actors, and with randomised code generation; all twins. */
    FULL;

    private static final String TWINS = String.join("|", "PublishTwins.NextHeaderNotZeroed",
            "FullRingTwins.NoRoomForNextHeader", "JoinHandshakeTwins.JoinerWithoutFence", "WakeTwins.NoSecondLook",
            "RecordTwins.TwoAcquireLoads", "MarkTwins.ReadForward", "CancelTwins.ReusedWithoutLooking",
            "EpochTwins.RankWithoutFence", "CallTwins.OutcomeCheckedThenSet", "GuardTwins.NoFence",
            "LeaveTwins.NoFenceAtExit", "JoinTwins.LimitUnboundedWithoutReaders",
            "EvictionTwins.CheckedBeforeReading", "CloseTwins.NoSecondLook", "FollowTwins.NotCheckedAfterTheHeader",
            "FragmentTwins.RestNotForgotten", "StreamTwins.SleeperWithoutPause");
    // the other pairings differ in who, not in how
    private static final String CALLS = "SendStress.AgainstFail|CallOutcomeStress.ReplyAgainstCancel"
            + "|RestartStress.(TimeOutAgainstPark|CancelAgainstSendAgain)";
    // each has a sister that goes the same way
    private static final String ALIKE = "LeaveRejoin|BatchWait|Suspect|CollectiveOrder|Section|FlightRecorder|Observe"
            + "|WriterCloseReaderWait|LockCycle|Intern|AwaitReaders|Doorbell|CollectiveRecord|SealedEvidence"
            + "|WriterClose|ClaimClose|GuardLeave|ControlledPoll|CancelRunning|ReaderClose|Stack|StreamBegin";
    private static final String SMOKE_TESTS =
            "^dev.rollcall.stress.((ring|waiting|board)(?!.(" + ALIKE + ")Stress).*|twin.(" + TWINS + ")|rpc.(" + CALLS
                    + "))$";

    /** What to run, one after the other. */
    List<Selection> selections() {
        return switch (this) {
            case SMOKE -> List.of(new Selection("smoke", SMOKE_TESTS, false, 1, 150));
            case FULL -> List.of(new Selection("tests", "^(?!dev.rollcall.stress.twin).*", true, 2, 250),
                    new Selection("twins", "^dev.rollcall.stress.twin.*", false, 4, 250));
        };
    }

    /** The same effort for other tests. */
    Selection only(String tests) {
        Selection first = selections().getFirst();
        return new Selection("chosen", tests, first.everyJit(), first.iterations(), first.millis());
    }
}
