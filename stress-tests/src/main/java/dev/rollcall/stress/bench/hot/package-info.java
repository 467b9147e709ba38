/** What JMH measures: the paths that every message and every call goes, each alone and in one thread. */
@NullMarked
package dev.rollcall.stress.bench.hot;

import org.jspecify.annotations.NullMarked;
