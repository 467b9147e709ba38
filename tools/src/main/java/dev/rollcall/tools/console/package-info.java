/** What the sub-commands share with a terminal: exit codes, colours, durations, lines of JSON. */
@NullMarked
package dev.rollcall.tools.console;

import org.jspecify.annotations.NullMarked;
