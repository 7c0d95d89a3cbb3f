/**
 * The files of a tree for readers. A {@code TreeView} reads it, by the system calls of Linux or by
 * {@code java.nio}; {@code TreeScanner} compares it with the history; {@code DeferredFilesInTree}
 * finds files that the recorder has yet to read.
 */
package dev.concert.chronicle.view;
