package dev.concert.chronicle.content.chunk;

/**
 * A piece of a content.
 *
 * @param hash BLAKE3 of its bytes
 * @param offset of its first byte in the content
 * @param size bytes, at most {@link Chunker#MAX}
 */
public record Chunk(String hash, long offset, int size) {}
