/**
 * Garbage collection: drops iterations by a retention policy, then contents that no iteration
 * names.
 *
 * <p>Nouns. The <em>garbage collection</em> does both for a host. <em>Roots</em> name the contents
 * that are needed. The <em>mark set</em> holds what the roots reach. The <em>content sweeper</em>
 * deletes the rest.
 *
 * <p>A content stays while a root reaches it: an iteration or file of a journal, a change log that
 * is not applied yet, or the manifest of such a content. A content that nothing reaches stays for a
 * <em>grace period</em> after the last {@code put} of it, so writers, which put a content before
 * they enter it anywhere, need no lock. The period has to be longer than the time between the two.
 *
 * <p>The sweeper moves a content to {@code trash/}, checks it once more, and only then deletes it.
 * A {@code put} that touched it before the move made it young: it goes back. A {@code put} after
 * the move does not find it and stores it again.
 *
 * <p>{@code collect.db} below the store has the marks and the position of the sweep, so a
 * collection that was killed resumes. Objects in a bucket are not collected.
 */
package dev.concert.chronicle.gc;
