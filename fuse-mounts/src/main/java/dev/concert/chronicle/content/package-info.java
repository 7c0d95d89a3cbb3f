/**
 * The content store: every content once, under the BLAKE3 hash of its bytes.
 *
 * <p>A file of the store is in one of two forms, told apart by its first bytes (the layout of the
 * folder is that of {@link dev.concert.chronicle.content.blob}):
 *
 * <ul>
 *   <li>a Zstd frame ({@code 28 B5 2F FD}): the content itself. All contents up to 1 MiB; stores
 *       written before chunks came have larger ones as well, which stay readable;
 *   <li>{@code CHRMANI1}, 32 bytes BLAKE3 of the rest, 32 bytes hash of the content, and a Zstd
 *       frame with a {@link dev.concert.chronicle.content.chunk.ChunkManifest}: the content is that
 *       of its chunks one after the other, each of which is a content of its own.
 * </ul>
 *
 * <p>Chunks are kept before their manifest, so a manifest that is there can be read.
 *
 * <p>What is promised: bytes that leave the store were checked against their hash. After {@code
 * put} answered, the content survives {@code kill -9}. Brought to the disk (fsync of files and
 * folders) it is in batches, five seconds later, off the writers' path, or at once by {@code sync}:
 * whoever forgets another copy of the content, for example a log, syncs the store before.
 */
package dev.concert.chronicle.content;
