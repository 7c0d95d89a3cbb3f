/**
 * The vocabulary of versions: which content each path of a workspace had, one iteration after the
 * other. Values only; {@code journal} stores them.
 *
 * <p>Nouns. A <em>file</em> is a path that exists or existed. An <em>iteration</em> is one state of
 * a file. It has a number, counted from 1 for each path, and a <em>sequence</em>, counted over the
 * workspace. Neither has holes until a retention policy drops iterations. A file that a rename
 * created <em>originates</em> in the file that was renamed: its history begins with that file's
 * iterations, and its own numbers go on after them. A rename is one iteration that two files show:
 * the first state of the new name, and the end of the old one. An <em>entry</em> is a change that
 * becomes an iteration. A <em>signature</em> is how a file on the disk looked when it was recorded.
 * A <em>past moment</em> is a time, a sequence or the name of a snapshot.
 */
package dev.concert.chronicle.iteration;
