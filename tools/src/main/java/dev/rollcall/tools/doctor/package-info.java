/** Whether this machine is fit for Rollcall. */
@NullMarked
package dev.rollcall.tools.doctor;

import org.jspecify.annotations.NullMarked;
