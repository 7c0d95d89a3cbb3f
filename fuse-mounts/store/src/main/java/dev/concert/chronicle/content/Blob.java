package dev.concert.chronicle.content;

/**
 * A content that is in the store.
 *
 * @param hash BLAKE3 of the bytes, 64 lower-case hex digits
 * @param size bytes, uncompressed
 */
public record Blob(String hash, long size) {}
