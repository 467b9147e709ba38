package dev.rollcall.stress.model;

/** What the machine may do between a store and the moment others see it. */
enum Memory {
    /** Nothing: every store is seen at once. */
    SEQUENTIAL,
    /** x86: each thread has a store buffer, drained in order; a thread sees its own stores. */
    STORE_BUFFER,
    /**
     * As {@link #STORE_BUFFER}, but stores to different words may leave the buffer in any order that release stores and store
     * fences allow. Loads stay in program order: a load that was moved up is a variant of the program, not of the memory.
     */
    WEAK_STORES
}
