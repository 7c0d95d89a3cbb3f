package dev.concert.chronicle.gc;

import dev.concert.chronicle.content.Blob;
import java.io.IOException;
import java.util.function.Consumer;

/** Something that needs contents: the journals, the logs, whatever else keeps hashes. */
@FunctionalInterface
public interface GcRoots {
  /**
   * Tells all contents that it needs; again and again the same is no harm.
   *
   * @throws IOException or a RuntimeException where it cannot say: nothing is collected then
   */
  void each(Consumer<Blob> taker) throws IOException;
}
