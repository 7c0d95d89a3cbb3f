/**
 * Which iterations of a file are kept. Pure functions; who applies them is in {@code collection}.
 */
package dev.concert.chronicle.retention;
