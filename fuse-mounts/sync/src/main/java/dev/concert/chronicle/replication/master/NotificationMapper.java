package dev.concert.chronicle.replication.master;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.replication.wire.PathVersion;
import dev.concert.chronicle.replication.wire.WireMessage.Notification;
import java.util.List;
import java.util.Optional;

/** Maps iterations to the notifications that replicas receive. */
final class NotificationMapper {
  /** Contents under this size travel with their notification. Bytes. */
  static final int INLINE = 4096;

  private final MasterWorkspace workspace;

  NotificationMapper(MasterWorkspace workspace) {
    this.workspace = workspace;
  }

  /** One notification, or two for a rename. */
  List<Notification> of(Iteration iteration) {
    if (iteration.change() == Change.DELETED) {
      return List.of(deletion(iteration.sequence(), iteration.path()));
    }
    Notification written = written(iteration, iteration.sequence(), true);
    return iteration
        .from()
        .filter(from -> !from.equals(iteration.path()))
        .map(from -> List.of(written, deletion(iteration.sequence(), from)))
        .orElse(List.of(written));
  }

  private static Notification deletion(long sequence, String path) {
    return new Notification(sequence, path, "", 0, 0, true, Optional.empty());
  }

  /** The state after an iteration, as the notification of a sequence. */
  Notification written(Iteration iteration, long sequence, boolean inline) {
    PathVersion version =
        PathVersion.of(iteration.kind(), iteration.mode(), iteration.hash(), iteration.size());
    return new Notification(
        sequence,
        iteration.path(),
        version.hash(),
        version.size(),
        version.permissions(),
        false,
        inline && version.size() < INLINE ? content(version) : Optional.empty());
  }

  private Optional<byte[]> content(PathVersion version) {
    return workspace.content(version.hash(), version.size()).flatMap(open -> bytes(open, version));
  }

  private static Optional<byte[]> bytes(OpenContent open, PathVersion version) {
    try (open) {
      byte[] bytes = new byte[(int) version.size()];
      return open.content().read(bytes, 0) == bytes.length ? Optional.of(bytes) : Optional.empty();
    }
  }
}
