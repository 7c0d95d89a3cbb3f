package dev.concert.ensemble.ledger;

import com.github.luben.zstd.ZstdCompressCtx;

/** Creates the bytes of a response to store. */
@FunctionalInterface
public interface AnswerBody {
  /**
   * Called on the ledger's writing thread.
   *
   * @param compressor of that thread: to make one takes longer than to compress a usual response
   */
  byte[] encode(ZstdCompressCtx compressor);
}
