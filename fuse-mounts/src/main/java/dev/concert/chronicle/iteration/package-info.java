/**
 * The journal of a workspace: which content each path had, one iteration after the other.
 *
 * <p>Nouns. A <em>file</em> is a path that is or was there. An <em>iteration</em> is one state of a
 * file: numbered from 1 per path, and by one <em>sequence</em> without holes over the workspace. A
 * file that came to be by a rename <em>originates</em> in the file it was renamed from: its history
 * begins with that file's iterations, and its own numbers go on after them. A rename is one
 * iteration that two files show: the new name as the state it starts with, the old one as its end.
 *
 * <p>A <em>promise</em> is content that was there when a file was closed, durable as a row of its
 * own: path, identity of the file, permissions, time. It becomes an iteration when its content is
 * in the store, and only then gets a number and a place in the sequence. So sequence and numbers
 * never have holes, also where the content turns out to be what was there before, and whoever asks
 * for what came after a sequence number never misses an iteration that is entered late. The
 * sequence is the order in which iterations were entered: of one path that is the order in which
 * things happened, of two paths it need not be. The timestamp is that of the close.
 */
package dev.concert.chronicle.iteration;
