/**
 * Records changes of a workspace's files as contents in the content store and iterations in the
 * journal, in the background.
 *
 * <p>Nouns. A <em>recorder</em> is notified of each change of the tree. The <em>logged
 * recorder</em> appends it to the <em>change log</em> ({@code changelog}) and returns; the
 * <em>applier</em> moves records from the log to the content store and the journal, which remembers
 * the number of the last one. Large content is a <em>deferred read</em>: the record names the file,
 * which is read and stored, or given up, before anybody may change it. A <em>deferred file</em> is
 * one that lost its name before that. Of the <em>latest versions</em> of large files it is known
 * what changed since, so little of the next ones has to be read. A version is <em>skipped</em> by a
 * rule for large files, or because nobody may wait for it.
 *
 * <h2>What survives</h2>
 *
 * The death of the process loses nothing that was reported: a record is written when the method
 * returns. The death of the machine loses what was not synced: {@code fsync} of a file syncs its
 * content and the log, so the content of small files can be restored even if the file is damaged.
 * The store and the journal are not synced by it: their latest contents and iterations may be lost
 * with the machine, and the tree is then recorded anew as it is found.
 */
package dev.concert.chronicle.recording;
