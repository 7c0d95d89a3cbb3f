/**
 * Checks what Concert needs on its machine. A part is there, is replaced by a fallback, or is
 * missing; each result says how to fix it.
 */
package dev.concert.platform.doctor;
