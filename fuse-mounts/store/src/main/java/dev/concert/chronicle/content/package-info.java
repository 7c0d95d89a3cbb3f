/**
 * The content store: every content once, under the BLAKE3 hash of its bytes; of more than 16 MiB,
 * under that of the list of its chunks ({@code LargeContentHash}).
 *
 * <p>Nouns. A <em>content</em> is bytes that can be read at any offset. A <em>blob</em> is a
 * content in the store. A <em>tier</em> is a second place for contents, such as a bucket.
 * <em>Changed ranges</em> say which bytes differ from a <em>previous version</em>: only those are
 * read. The <em>blob format</em> is one of two, told apart by the first bytes of the file (the
 * layout of the folder is that of {@link dev.concert.chronicle.content.blob}):
 *
 * <ul>
 *   <li>a Zstd frame ({@code 28 B5 2F FD}): the content itself. All contents up to 1 MiB. Stores
 *       from before chunking have larger ones too, which stay readable;
 *   <li>{@code CHRMANI1}, 32 bytes BLAKE3 of the rest, 32 bytes hash of the content, and a Zstd
 *       frame with a {@link dev.concert.chronicle.content.chunk.ChunkManifest}: the content is the
 *       concatenation of its chunks, each of which is a content of its own.
 * </ul>
 *
 * <p>Chunks are stored before their manifest, so a manifest that exists can be read.
 *
 * <p>Guarantees. Bytes that leave the store were checked against their hash. After {@code put}
 * returns, the content survives {@code kill -9}. Files and folders are synced to the disk in
 * batches, five seconds later and not on the writer's thread, or at once by {@code sync}: whoever
 * drops another copy of the content, for example a log, syncs the store first.
 */
package dev.concert.chronicle.content;
