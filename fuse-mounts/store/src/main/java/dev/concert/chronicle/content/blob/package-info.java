/**
 * The files of the content store, whatever is in them.
 *
 * <p>Layout below the store's folder: {@code {first 2 hex digits}/{64 hex digits}} for blobs,
 * {@code tmp/} for files that are being written, {@code trash/} for blobs that the garbage
 * collector is about to delete, {@code damaged/} for files whose bytes do not have the hash of
 * their name.
 *
 * <p>A blob is written to a temporary file and renamed, so a name is a whole blob or does not
 * exist. A blob never changes. Its modification time is when it was needed last: {@code put} sets
 * it also where the blob exists, which keeps the garbage collector away from it.
 */
package dev.concert.chronicle.content.blob;
