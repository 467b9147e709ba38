package dev.rollcall.shm.board;

/** How far a verdict goes. */
public enum Tier {
    /** Said and saved; taken back when progress resumes. */
    SUSPECT,
    /** Requests failed, processes killed. */
    ACT
}
