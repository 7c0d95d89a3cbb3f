/**
 * The files of the content store, without any idea of what is in them.
 *
 * <p>Layout below the store's folder: {@code {first 2 hex digits}/{64 hex digits}} for blobs,
 * {@code tmp/} for those that are being written, {@code trash/} for those that a collector is about
 * to delete, {@code damaged/} for those whose content was found not to be theirs.
 *
 * <p>A blob is written aside and renamed into place, so a name stands for a whole blob or does not
 * exist; it is never changed afterwards. Its modification time says when it was needed last: {@code
 * put} sets it also where the blob is there already, which is what keeps a collector off it.
 */
package dev.concert.chronicle.content.blob;
