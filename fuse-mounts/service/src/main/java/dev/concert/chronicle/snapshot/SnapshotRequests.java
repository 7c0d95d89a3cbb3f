package dev.concert.chronicle.snapshot;

import dev.concert.bus.Accepted;
import dev.concert.chronicle.iteration.NamedSnapshot;
import dev.concert.chronicle.iteration.PastMoment;
import dev.concert.chronicle.workspace.Workspace;
import dev.concert.chronicle.workspace.WorkspaceNames;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.SnapshotMessages.CreateSnapshot;
import dev.concert.workspace.SnapshotMessages.DeleteSnapshot;
import dev.concert.workspace.SnapshotMessages.ListSnapshots;
import dev.concert.workspace.SnapshotMessages.Snapshot;
import dev.concert.workspace.SnapshotMessages.Snapshots;
import java.util.List;

/**
 * Names moments of workspaces. What was closed or synced before is part of one. Thread-safe; every
 * method blocks.
 */
public record SnapshotRequests(Workspaces workspaces) {
  private static final int MOST = 1000;

  public Snapshot create(CreateSnapshot request) {
    String name = checkName(request.name());
    String id = workspaces.existing(request.workspaceId());
    return workspaces.with(id, space -> create(space, name)).orElseThrow();
  }

  private static Snapshot create(Workspace space, String name) {
    var snapshots = space.journal().snapshots();
    if (space.failure().isPresent()) {
      throw new ConcertException(
          ErrorCode.INTERNAL, "Changes of the workspace cannot be recorded at the moment.");
    }
    if (snapshots.all().size() >= MOST) {
      throw new ConcertException(
          ErrorCode.TOO_MANY_SNAPSHOTS, "The workspace has " + MOST + " snapshots already.");
    }
    return snapshots
        .add(name)
        .map(SnapshotRequests::wire)
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.SNAPSHOT_EXISTS, "There is a snapshot " + name + " already."));
  }

  public Snapshots list(ListSnapshots request) {
    return new Snapshots(
        workspaces
            .with(
                WorkspaceNames.checkId(request.workspaceId()),
                space -> space.journal().snapshots().all())
            .orElse(List.of())
            .stream()
            .map(SnapshotRequests::wire)
            .toList());
  }

  public Accepted delete(DeleteSnapshot request) {
    String name = checkName(request.name());
    boolean removed =
        workspaces
            .with(
                WorkspaceNames.checkId(request.workspaceId()),
                space -> space.journal().snapshots().remove(name))
            .orElse(false);
    if (!removed) {
      throw notFound(name);
    }
    return Accepted.ACCEPTED;
  }

  private static Snapshot wire(NamedSnapshot snapshot) {
    return new Snapshot(snapshot.name(), snapshot.sequence(), snapshot.timestamp());
  }

  private static String checkName(String name) {
    if (name == null || !PastMoment.isName(name)) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "name has to be 1 to 100 letters, digits, '.', '_' or '-', a letter or digit first.");
    }
    return name;
  }

  public static ConcertException notFound(String name) {
    return new ConcertException(ErrorCode.SNAPSHOT_NOT_FOUND, "There is no snapshot " + name + ".");
  }
}
