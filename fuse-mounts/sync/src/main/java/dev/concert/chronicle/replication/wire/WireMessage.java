package dev.concert.chronicle.replication.wire;

import java.util.List;
import java.util.Optional;

/**
 * The messages between master and replica. Their meaning and order are in {@code
 * docs/replication.md}.
 *
 * <p>Paths are relative to the workspace's root. Hashes are BLAKE3, 64 lower-case hex digits, empty
 * for a deletion. Sizes are bytes. Permissions are {@code st_mode}: file type and permission bits.
 * Arrays are not copied: do not change one after handing it over. Records with arrays in them
 * compare by identity of the array.
 */
public sealed interface WireMessage {

  /**
   * The path looks like this since an iteration.
   *
   * @param sequence the iteration's number in the workspace; two notifications of one rename share
   *     it, and so do all of a full resync
   * @param inlineContent the content when it is smaller than 4 KiB
   */
  record Notification(
      long sequence,
      String filepath,
      String contentHash,
      long size,
      long permissions,
      boolean isDeletion,
      Optional<byte[]> inlineContent)
      implements WireMessage {}

  /**
   * The master lives, and everything up to {@code agentSequence} was sent.
   *
   * @param agentIteration the latest iteration of the workspace
   */
  record Heartbeat(long agentSequence, long agentIteration) implements WireMessage {}

  record WriteBack(String sandboxId, List<WriteBackEntry> entries) implements WireMessage {}

  record WriteBackResult(List<Accepted> accepted, List<Rejected> rejected) implements WireMessage {}

  /**
   * Requests a confirmation once everything up to {@code sequence}, and all that exists now, was
   * sent.
   */
  record BarrierRequest(long sequence) implements WireMessage {}

  /**
   * @param satisfied whether {@code currentSequence} is at least what was asked for
   */
  record BarrierConfirmation(boolean satisfied, long currentSequence) implements WireMessage {}

  /** Everything up to this sequence is durable at the replica. */
  record Ack(long upToSequence) implements WireMessage {}

  record ContentFetchRequest(String contentHash) implements WireMessage {}

  /**
   * @param content all of it, or nothing where there is a manifest
   * @param size of the whole content
   * @param chunkManifest JSON of a {@link TransferManifest}; each chunk is fetched by its own hash
   */
  record ContentFetchResponse(
      String contentHash, byte[] content, long size, Optional<String> chunkManifest)
      implements WireMessage {}

  record ContentNotFound(String contentHash) implements WireMessage {}

  /** Begins every connection; asks for everything after a sequence. */
  record CatchupRequest(String sandboxId, long sinceSequence) implements WireMessage {}

  /** What follows, up to the next heartbeat, is every file there is at {@code currentSequence}. */
  record FullResyncRequired(String reason, long currentSequence) implements WireMessage {}

  /**
   * A local write of a replica. A deletion has an empty hash, size 0 and permissions 0.
   *
   * @param localSeq counts the writes of the replica
   * @param masterRowidSeen the latest iteration of the workspace that the write knew of
   */
  record WriteBackEntry(
      long localSeq,
      String filepath,
      String contentHash,
      long size,
      long permissions,
      long masterRowidSeen) {
    public boolean isDeletion() {
      return contentHash.isEmpty();
    }
  }

  /**
   * @param masterIteration the iteration that the write became, or that has the same content
   */
  record Accepted(long localSeq, long masterIteration) {}

  /**
   * @param reason a word of {@link RejectReason}
   */
  record Rejected(long localSeq, String reason) {}
}
