package dev.rollcall.shm.board;

/** Whether somebody watches a group, as {@link WatchdogSilence} sees it. */
public enum WatchdogState {
    /** No watchdog is attached; one that died is not. */
    NONE,
    /** One is attached, and nothing speaks against it. */
    TICKING,
    /** One is attached and does not tick: stopped, stuck or starved, it finds nobody. */
    SILENT
}
