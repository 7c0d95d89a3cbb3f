package dev.concert.chronicle.content;

import java.io.IOException;
import java.nio.file.Path;

/** A place besides the local folder where contents are kept. Thread-safe; every method blocks. */
public interface Tier {
  /** There is only the local folder. */
  Tier NONE =
      new Tier() {
        @Override
        public void announce(String hash) {
          // Nobody waits for it.
        }

        @Override
        public void kept(long bytes) {
          // The folder has no bound.
        }

        @Override
        public boolean fetch(String hash, Path into) {
          return false;
        }

        @Override
        public boolean has(String hash) {
          return false;
        }
      };

  /** A blob is about to be kept locally. It is not forgotten once this has returned. */
  void announce(String hash);

  /** A blob of so many bytes is in the folder now. Does not block. */
  void kept(long bytes);

  /**
   * Writes the stored form of a blob into a file that does not exist yet.
   *
   * @return false where the tier does not have it
   */
  boolean fetch(String hash, Path into) throws IOException;

  /** Whether the tier has the blob, as far as is known here. */
  boolean has(String hash);
}
