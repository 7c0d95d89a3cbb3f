package dev.concert.chronicle.iteration;

import dev.concert.chronicle.content.Blob;

/** A content that was there at a time and is still to be looked at. */
record Promise(String path, int mode, Signature signature, long timestamp) {
  static Promise of(Entry.Promised entry, long timestamp) {
    return new Promise(entry.path(), entry.mode(), entry.signature(), timestamp);
  }

  Entry.Written keptWith(Blob blob) {
    return new Entry.Written(path, Kind.FILE, mode, blob, signature);
  }
}
