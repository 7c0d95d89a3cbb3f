package dev.concert.chronicle.journal;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.iteration.Signature;

/**
 * What the journal knows of a path.
 *
 * @param number latest iteration
 * @param live whether the path is there
 */
record FileHead(
    long file,
    String path,
    long number,
    boolean live,
    Kind kind,
    int mode,
    long size,
    String hash,
    Signature signature) {
  LiveFile asLiveFile() {
    return new LiveFile(number, hash, kind, mode, signature);
  }
}
