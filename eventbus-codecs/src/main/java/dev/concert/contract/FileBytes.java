package dev.concert.contract;

import io.vertx.core.buffer.Buffer;
import java.util.OptionalLong;

/**
 * A reply that is a file or a piece of one. Only HTTP can carry it.
 *
 * @param iteration the iteration that this content is; 0 when the file has none yet
 * @param hash of the whole file, lower-case hex; empty in a piece of a file that has no iteration
 *     as it is now
 * @param nextOffset where the next piece begins; empty at the end of the file
 */
public record FileBytes(Buffer content, long iteration, String hash, OptionalLong nextOffset) {}
