/**
 * Takes away what nobody needs any more: iterations by a retention policy, then contents that no
 * iteration names.
 *
 * <p>A content stays while something reaches it: an iteration or file of a journal, a change log
 * that is not applied yet, or the manifest of such a content. One that nothing reaches stays for a
 * <em>grace period</em> after it was put, or asked to be put, the last time; so writers, which put
 * a content before they enter it anywhere, need no lock. The period has to be longer than what lies
 * between the two.
 *
 * <p>A content is moved to {@code trash/}, looked at once more, and only then deleted: a {@code
 * put} that touched it before the move has made it young, and it goes back; one that comes after
 * does not find it and stores it again.
 *
 * <p>{@code collect.db} below the store has what was marked and how far the sweep has come, so that
 * a collection that was killed goes on where it was. Objects in a bucket are not collected.
 */
package dev.concert.chronicle.collection;
