package dev.concert.chronicle.replication.master;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which contents a replica may fetch: those it was notified of and has not acknowledged, beside
 * those of the workspace's live files. Contents are shared by all workspaces of a host, so knowing
 * a hash must not be enough. Thread-safe.
 */
final class FetchGrants {
  private final Map<String, Long> sizes = new HashMap<>();
  private long latest;

  synchronized void offer(long sequence, String hash, long size) {
    latest = sequence;
    sizes.put(hash, size);
  }

  /** The size of a content that may be fetched. */
  synchronized Optional<Long> size(String hash) {
    return Optional.ofNullable(sizes.get(hash));
  }

  synchronized void acknowledged(long sequence) {
    if (sequence >= latest) {
      sizes.clear();
    }
  }
}
