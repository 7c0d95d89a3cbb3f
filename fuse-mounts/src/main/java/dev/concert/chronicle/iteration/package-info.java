/**
 * The journal of a workspace: which content each path had, one iteration after the other.
 *
 * <p>Nouns. A <em>file</em> is a path that is or was there. An <em>iteration</em> is one state of a
 * file: numbered from 1 per path, and by one <em>sequence</em> over the workspace; neither has
 * holes until a retention policy drops iterations. A file that came to be by a rename
 * <em>originates</em> in the file it was renamed from: its history begins with that file's
 * iterations, and its own numbers go on after them. A rename is one iteration that two files show:
 * the new name as the state it starts with, the old one as its end.
 */
package dev.concert.chronicle.iteration;
