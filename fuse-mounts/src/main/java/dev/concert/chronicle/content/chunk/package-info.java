/**
 * Large contents in pieces that depend on what is in them.
 *
 * <p>A content above 1 MiB is cut by {@link dev.concert.chronicle.content.chunk.Chunker}; each
 * <em>chunk</em> is a content of its own, and a <em>manifest</em> under the content's own hash says
 * which chunks it is made of. Where a change inserts or removes bytes, the cuts behind it fall on
 * the same bytes as before, so only the chunks around the change are new.
 */
package dev.concert.chronicle.content.chunk;
