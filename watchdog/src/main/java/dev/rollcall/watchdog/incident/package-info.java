/** What is saved about a hang: the incident folder, its JSON, its plain-text report and its page. */
@NullMarked
package dev.rollcall.watchdog.incident;

import org.jspecify.annotations.NullMarked;
