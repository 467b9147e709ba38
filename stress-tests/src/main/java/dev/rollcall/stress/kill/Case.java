package dev.rollcall.stress.kill;

import java.util.Locale;

/**
 * One process at one step.
 *
 * @param role  who
 * @param label the step
 * @param fate  what happens there
 */
record Case(Role role, String label, Fate fate) {

    String name() {
        return role.name().toLowerCase(Locale.ROOT) + "/" + label + "/" + fate;
    }

    @Override
    public String toString() {
        return name();
    }
}
