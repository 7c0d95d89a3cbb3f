/**
 * Large contents in pieces whose borders depend on the bytes.
 *
 * <p>{@link dev.concert.chronicle.content.chunk.Chunker} cuts a content above 1 MiB. Each
 * <em>chunk</em> is a content of its own; a <em>manifest</em> under the content's own hash lists
 * the chunks. Where a change inserts or removes bytes, the borders behind it fall on the same bytes
 * as before, so only the chunks around the change are new.
 */
package dev.concert.chronicle.content.chunk;
