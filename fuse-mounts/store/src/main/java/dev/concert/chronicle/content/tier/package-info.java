/**
 * Contents in an object store behind the local folder.
 *
 * <p>{@code tier/uploads.db} below the content store is the durable upload queue. A blob is entered
 * before it gets its name in the folder and stays as "there" once the object store has it, so it is
 * sent once. The object's key is {@code {2 hex digits}/{64 hex digits}}; its bytes are those of the
 * file. If it is unknown whether a blob arrived (the answer was lost, the process died), the
 * uploader asks the object store before it sends it again.
 *
 * <p>The <em>cache evictor</em> removes blobs that the object store has (but no manifests) from the
 * folder, least recently used first; reading fetches them again. Objects are never deleted, because
 * other hosts may use the same bucket.
 */
package dev.concert.chronicle.content.tier;
