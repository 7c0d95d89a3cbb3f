/**
 * BLAKE3, by the shared library of its authors where it can be loaded, else in Java (see ADR 7).
 */
package dev.concert.chronicle.content.blake3;
