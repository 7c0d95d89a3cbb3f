/** Turns what happens to the files of a workspace into contents of the store and iterations. */
package dev.concert.chronicle.recording;
