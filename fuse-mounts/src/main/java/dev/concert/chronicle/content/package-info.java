/**
 * The content store: every content once, under the BLAKE3 hash of its bytes, Zstd-compressed.
 *
 * <p>Layout below the store's folder: {@code {first 2 hex digits}/{64 hex digits}} for contents,
 * {@code tmp/} for those that are being written. A content is written aside and renamed into place,
 * so a name stands for whole content or does not exist; it is never changed afterwards.
 */
package dev.concert.chronicle.content;
