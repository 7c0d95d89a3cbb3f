/**
 * Contents in an object store behind the local folder.
 *
 * <p>Below the content store's folder, {@code tier/uploads.db} is the durable queue: a blob is
 * entered before it gets its name in the folder, and stays as "there" once the object store has it,
 * so that it is sent once. The object's key is {@code {2 hex digits}/{64 hex digits}}, its bytes
 * are those of the file. A blob of which it is not known whether it arrived (the answer was lost,
 * the process died) is asked for before it is sent again.
 *
 * <p>What the object store has may leave the folder (manifests do not), least recently used first;
 * reading brings it back. Objects are never deleted: other hosts may use the same bucket.
 */
package dev.concert.chronicle.content.tier;
