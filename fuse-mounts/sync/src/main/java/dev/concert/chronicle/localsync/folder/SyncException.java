package dev.concert.chronicle.localsync.folder;

/** A folder cannot be synced. The message is one sentence for the person who asked for it. */
public final class SyncException extends RuntimeException {
  public SyncException(String sentence) {
    super(sentence, null, false, false);
  }
}
