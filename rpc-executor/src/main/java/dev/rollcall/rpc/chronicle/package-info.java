/** Typed payloads by Chronicle Bytes: the one package that needs it, loaded by nothing but its own use. */
@NullMarked
package dev.rollcall.rpc.chronicle;

import org.jspecify.annotations.NullMarked;
