package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles.InaccessibleException;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles.ObstructedException;
import dev.concert.chronicle.replication.replica.state.ReplicaState;
import dev.concert.chronicle.replication.wire.FolderEntry;
import dev.concert.chronicle.replication.wire.PathVersion;
import dev.concert.chronicle.replication.wire.TransferManifest;
import dev.concert.chronicle.replication.wire.WireException;
import dev.concert.chronicle.replication.wire.WireMessage.Ack;
import dev.concert.chronicle.replication.wire.WireMessage.CatchupRequest;
import dev.concert.chronicle.replication.wire.WireMessage.FullResyncRequired;
import dev.concert.chronicle.replication.wire.WireMessage.Heartbeat;
import dev.concert.chronicle.replication.wire.WireMessage.Notification;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far one connection has come: sees to it that no sequence is left out, and says how far
 * everything is applied. For the replica's thread.
 */
final class ReplicationCursor {
  /** So often is the position made durable while notifications come without a heartbeat. */
  private static final int STEP = 256;

  private static final int AHEAD = 7;

  private final String replica;
  private final MasterLink link;
  private final BoundedWorkQueue mailbox;
  private final ReplicaFiles files;
  private final ReplicaState state;
  private final Reconciler reconciling;
  private final FolderReconciler folders;
  private final ReplicaListener listener;
  private final PathReports reports;
  private final List<Notification> obstructed = new ArrayList<>();
  private final Map<String, Notification> obstructedFolders = new TreeMap<>();
  private long position;
  private long durable;

  /** The iteration of which notifications are coming; complete when a later one begins. */
  private long group;

  private boolean awaitsReplay = true;
  private Optional<Long> resync = Optional.empty();
  private long compared;
  private boolean caughtUp;
  private boolean foldersTold;

  ReplicationCursor(
      String replica,
      MasterLink link,
      BoundedWorkQueue mailbox,
      ReplicaFiles files,
      ReplicaState state,
      Reconciler reconciling,
      FolderReconciler folders,
      ReplicaListener listener,
      PathReports reports) {
    this.replica = replica;
    this.link = link;
    this.mailbox = mailbox;
    this.files = files;
    this.state = state;
    this.reconciling = reconciling;
    this.folders = folders;
    this.listener = listener;
    this.reports = reports;
    this.position = state.position();
    this.durable = position;
    this.group = position;
  }

  /** Everything up to here is in the files. */
  long position() {
    return position;
  }

  /** Whether everything that the master had said it has is here. */
  boolean caughtUp() {
    return caughtUp;
  }

  /** Asks for everything that is missing. */
  void catchUp() throws IOException {
    caughtUp = false;
    awaitsReplay = true;
    link.send(new CatchupRequest(replica, position));
  }

  /** Asks for everything there is, to compare it with what is here. */
  void compareAgain() throws IOException {
    caughtUp = false;
    awaitsReplay = true;
    link.send(new CatchupRequest(replica, 0));
  }

  void notification(Notification message) throws IOException {
    if (FolderEntry.isOne(message)) {
      folder(message);
      return;
    }
    long sequence = message.sequence();
    if (resync.isPresent()) {
      compare(message);
    } else if (sequence == position + 1 || !awaitsReplay && sequence <= group + 1) {
      awaitsReplay = false;
      if (sequence > group) {
        completed(group);
        group = sequence;
      }
      reconciling.upstream(upstream(message, true));
    } else if (!awaitsReplay) {
      catchUp();
    }
  }

  /**
   * Folders have no iterations: what is said of them is always the latest. A file that is in the
   * way, and is there no more in the workspace, will be announced; until then the folder waits.
   */
  private void folder(Notification message) {
    obstructedFolders.remove(message.filepath());
    try {
      makeFolder(message);
    } catch (InaccessibleException notNow) {
      obstructedFolders.put(message.filepath(), message);
      reports.delayed(message.filepath(), notNow.reason());
    }
  }

  private void makeFolder(Notification message) {
    try {
      folders.upstream(message);
    } catch (ObstructedException obstructed) {
      if (reconciling.isUpstreams(obstructed.obstacle(), position)) {
        obstructedFolders.put(message.filepath(), message);
      } else {
        reconciling.clear(obstructed.obstacle(), position + 1);
        folders.upstream(message);
      }
    }
  }

  private void compare(Notification message) throws IOException {
    if (message.sequence() != resync.get()) {
      throw new WireException("a full resync was interrupted by another sequence");
    }
    try {
      reconciling.upstream(upstream(message, false));
    } catch (ObstructedException later) {
      obstructed.add(message);
    }
    compared++;
    if (compared % STEP == 0) {
      listener.resyncing(compared);
    }
  }

  private RemoteChange upstream(Notification message, boolean clears) {
    PathVersion version =
        message.isDeletion()
            ? PathVersion.DELETED
            : new PathVersion(message.contentHash(), message.size(), (int) message.permissions());
    return new RemoteChange(
        message.filepath(),
        version,
        message.sequence(),
        clears,
        wanted -> content(wanted, message.inlineContent()));
  }

  private Optional<OpenContent> content(PathVersion version, Optional<byte[]> inline)
      throws IOException {
    if (inline.isPresent()) {
      byte[] bytes = inline.get();
      return Optional.of(new OpenContent(Content.of(bytes), bytes.length, () -> {}));
    }
    return content(version);
  }

  /** Fetches a content; meanwhile, those that will be needed next are asked for. */
  Optional<OpenContent> content(PathVersion version) throws IOException {
    mailbox.fetching(true);
    try {
      for (Notification next : mailbox.upcoming(AHEAD)) {
        if (willBeNeeded(next)) {
          link.contents().prefetch(next.contentHash());
        }
      }
      return link.contents().fetch(version.hash(), version.size());
    } finally {
      mailbox.fetching(false);
    }
  }

  private boolean willBeNeeded(Notification next) {
    return next.inlineContent().isEmpty()
        && !next.isDeletion()
        && next.size() <= TransferManifest.MAX_CHUNK
        && files.accepts(next.filepath())
        && !state.base(next.filepath()).version().hash().equals(next.contentHash());
  }

  void fullResync(FullResyncRequired message) {
    if (message.currentSequence() < position) {
      state.forgetSequences();
    }
    state.beginResync();
    state.undelivered().clear();
    obstructed.clear();
    compared = 0;
    resync = Optional.of(message.currentSequence());
    listener.resyncing(0);
  }

  void heartbeat(Heartbeat message) throws IOException {
    long sequence = message.agentSequence();
    if (resync.isPresent()) {
      endResync();
    } else if (sequence == group || sequence == position) {
      awaitsReplay = false;
      completed(sequence);
    } else if (!awaitsReplay) {
      catchUp();
      return;
    }
    if (!awaitsReplay) {
      List.copyOf(obstructedFolders.values()).forEach(this::folder);
      link.contents().forget();
      if (!foldersTold) {
        foldersTold = true;
        folders.caughtUp(state.writes().paths());
      }
      makeDurable();
      link.send(new Ack(position));
      if (!caughtUp) {
        caughtUp = true;
        listener.caughtUp(position);
      }
    }
  }

  private void endResync() throws IOException {
    long sequence = resync.orElseThrow();
    for (String path : state.unconfirmed()) {
      RemoteChange gone =
          new RemoteChange(path, PathVersion.DELETED, sequence, true, version -> Optional.empty());
      reconciling.upstream(gone);
    }
    for (Notification message : obstructed) {
      reconciling.upstream(upstream(message, true));
    }
    obstructed.clear();
    resync = Optional.empty();
    awaitsReplay = false;
    position = sequence;
    group = sequence;
    listener.resyncing(compared);
  }

  private void completed(long sequence) {
    position = Math.max(position, sequence);
    if (position - durable >= STEP) {
      makeDurable();
    }
  }

  private void makeDurable() {
    if (position != durable) {
      state.position(position);
      durable = position;
    }
  }
}
