package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.replica.files.ReplicaFile;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles.InaccessibleException;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles.ObstructedException;
import dev.concert.chronicle.replication.replica.state.CommonAncestor;
import dev.concert.chronicle.replication.replica.state.LocalWrite;
import dev.concert.chronicle.replication.replica.state.ReplicaState;
import dev.concert.chronicle.replication.replica.state.Undelivered;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what the workspace says of a path together with what the replica has there. Every step can
 * be done twice. For the replica's thread.
 */
final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  /** How often a file may change under our hands before the path is left for later. */
  private static final int ATTEMPTS = 20;

  /** How many changes that the disk cannot have are tried again in one go. */
  private static final int RETRIES = 20;

  private final String replica;
  private final ReplicaFiles files;
  private final ReplicaState state;
  private final LocalChangeDetector local;
  private final FolderReconciler folders;
  private final HeldContents held;
  private final ReplicaListener listener;
  private final PathReports reports;

  Reconciler(
      String replica,
      ReplicaFiles files,
      ReplicaState state,
      LocalChangeDetector local,
      FolderReconciler folders,
      HeldContents held,
      ReplicaListener listener,
      PathReports reports) {
    this.replica = replica;
    this.files = files;
    this.state = state;
    this.local = local;
    this.folders = folders;
    this.held = held;
    this.listener = listener;
    this.reports = reports;
  }

  /** The workspace says what the path is. What it said before is not said again. */
  void upstream(RemoteChange remote) throws IOException {
    if (!files.accepts(remote.path())) {
      return;
    }
    state.confirm(remote.path());
    if (remote.sequence() > state.base(remote.path()).sequence()) {
      deliver(remote);
    }
  }

  /** Where the disk cannot have it, it is kept for {@link #retry}, and the others go on. */
  private boolean deliver(RemoteChange remote) throws IOException {
    String path = remote.path();
    try {
      RemoteChange possible = possible(remote);
      reconcile(possible, ATTEMPTS);
      if (state.obstacles().here().contains(path)) {
        state.undelivered().remove(path);
      }
      if (possible == remote) {
        reports.settled(path);
      }
      return true;
    } catch (InaccessibleException e) {
      state
          .undelivered()
          .put(new Undelivered.Entry(path, remote.version(), remote.sequence(), e.reason()));
      reports.delayed(path, e.reason());
      return false;
    }
  }

  /** Tries again what the disk could not have before. */
  void retry(RemoteChange.Contents contents) throws IOException {
    List<Undelivered.Entry> waiting = new ArrayList<>(state.undelivered().all());
    Collections.shuffle(waiting);
    int failures = 0;
    for (Undelivered.Entry one : waiting) {
      if (failures == RETRIES) {
        return;
      }
      boolean isStale = one.sequence() <= state.base(one.path()).sequence();
      if (isStale || !files.accepts(one.path())) {
        state.undelivered().remove(one.path());
      } else if (one.version().size() <= files.room()) {
        RemoteChange remote =
            new RemoteChange(one.path(), one.version(), one.sequence(), true, contents);
        failures += deliver(remote) ? 0 : 1;
      }
    }
  }

  /** A symlink that may not be here is not here. */
  private RemoteChange possible(RemoteChange remote) throws IOException {
    if (remote.version().isDeleted() || remote.version().kind() != Kind.SYMLINK) {
      return remote;
    }
    Optional<OpenContent> content = remote.contents().get(remote.version());
    if (content.isEmpty()) {
      return remote;
    }
    try (OpenContent open = content.get()) {
      byte[] target = new byte[(int) remote.version().size()];
      int length = open.content().read(target, 0);
      String text = new String(target, 0, length, StandardCharsets.UTF_8);
      if (files.acceptsTarget(remote.path(), text)) {
        return remote;
      }
    }
    reports.refused(remote.path(), "leads_out");
    return remote.deleted();
  }

  private void reconcile(RemoteChange upstream, int attempts) throws IOException {
    if (attempts == 0) {
      throw new IOException(upstream.path() + " changes all the time");
    }
    String path = upstream.path();
    PathVersion version = upstream.version();
    Optional<LocalWrite> write = local.look(path, upstream.sequence() - 1);
    CommonAncestor base = state.base(path);
    if (write.isEmpty()) {
      apply(upstream, base, attempts);
    } else if (version.equals(write.get().version())) {
      if (version.isDeleted()) {
        folders.prune(path);
      }
      state.agree(path, upstream.base(write.get().signature()));
      listener.accepted(path, version);
    } else if (version.equals(base.version())) {
      if (!state.release(path, upstream.base(base.signature()))) {
        state.base(path, upstream.base(base.signature()));
      }
    } else if (write.get().sent().filter(version::equals).isPresent()) {
      if (!state.release(path, upstream.base(Optional.empty()))) {
        state.arrived(path, upstream.base(Optional.empty()));
      }
    } else {
      Conflict conflict =
          new Conflict(path, base.version(), write.get().version(), version, upstream.sequence());
      settle(conflict, upstream, listener.conflict(conflict), attempts);
    }
  }

  /** Nothing was changed here: the files follow the workspace. */
  private void apply(RemoteChange upstream, CommonAncestor base, int attempts) throws IOException {
    if (upstream.version().equals(base.version())) {
      state.agree(upstream.path(), upstream.base(base.signature()));
      return;
    }
    install(upstream, base.version(), attempts);
  }

  private void install(RemoteChange upstream, PathVersion here, int attempts) throws IOException {
    String path = upstream.path();
    PathVersion version = upstream.version();
    if (attempts == 0) {
      throw new IOException(path + " changes all the time");
    }
    Optional<ReplicaFile> expected = files.find(path);
    if (version.isDeleted()) {
      delete(upstream, here, expected, attempts);
      return;
    }
    Optional<OpenContent> content = content(upstream, here);
    if (content.isEmpty()) {
      LOG.warn("The workspace cannot give the content of {}; the path is left alone", path);
      state.hold(
          path,
          new CommonAncestor(upstream.sequence(), here, Optional.empty()),
          version,
          upstream.sequence());
      return;
    }
    Optional<ReplicaFile> installed;
    try (OpenContent open = content.get()) {
      installed =
          unchanged(path, here, expected)
              ? files.put(path, expected, version.kind(), version.mode(), open)
              : Optional.empty();
    } catch (ObstructedException obstructed) {
      if (!upstream.clears()) {
        throw obstructed;
      }
      clear(obstructed.obstacle(), upstream.sequence());
      // It was decided that the workspace's version comes here; nothing has this path now.
      install(upstream, PathVersion.DELETED, attempts - 1);
      return;
    }
    if (installed.isEmpty()) {
      reconcile(upstream, attempts - 1);
    } else {
      agreed(upstream, installed);
    }
  }

  private void delete(
      RemoteChange upstream, PathVersion here, Optional<ReplicaFile> expected, int attempts)
      throws IOException {
    String path = upstream.path();
    boolean gone =
        expected.isEmpty() || unchanged(path, here, expected) && files.delete(path, expected.get());
    if (gone) {
      folders.prune(path);
      agreed(upstream, Optional.empty());
    } else {
      reconcile(upstream, attempts - 1);
    }
  }

  /** Whether the file still is what was looked at; the fetch in between may have taken long. */
  private boolean unchanged(String path, PathVersion here, Optional<ReplicaFile> file) {
    PathVersion now =
        local.look(path, 0).map(LocalWrite::version).orElseGet(() -> state.base(path).version());
    return now.equals(here) && files.find(path).equals(file);
  }

  private void agreed(RemoteChange upstream, Optional<ReplicaFile> installed) {
    state.agree(upstream.path(), upstream.base(installed.flatMap(local::trusted)));
    listener.applied(upstream.path(), upstream.version());
  }

  private Optional<OpenContent> content(RemoteChange upstream, PathVersion here)
      throws IOException {
    PathVersion version = upstream.version();
    if (version.hash().equals(here.hash()) && version.kind() == here.kind()) {
      // Only the permissions differ.
      return files.open(upstream.path());
    }
    Optional<OpenContent> kept = held.open(version.hash());
    return kept.isPresent() ? kept : upstream.contents().get(version);
  }

  /** Something is where a folder of the workspace has to be, or a folder where a file has to be. */
  void clear(String obstacle, long sequence) {
    if (files.folders().empty(obstacle).isPresent()) {
      folders.remove(obstacle);
      return;
    }
    local.look(obstacle, sequence - 1);
    String name = freeName(obstacle, "aside");
    listener.movedAside(obstacle, name);
    files.moveAside(obstacle, name);
    local.lookAtAll(sequence - 1);
    folders.lookAtAll();
  }

  /** Whether a path is what the workspace said that it is, and was not changed here. */
  boolean isUpstreams(String path, long sequence) {
    return !state.base(path).version().isDeleted() && local.look(path, sequence).isEmpty();
  }

  private void settle(Conflict conflict, RemoteChange upstream, Resolution resolution, int attempts)
      throws IOException {
    String path = conflict.path();
    switch (resolution) {
      case KEEP_LOCAL -> state.keepLocal(path, upstream.base(Optional.empty()));
      case ACCEPT_UPSTREAM -> install(upstream, conflict.local(), attempts);
      case KEEP_BOTH -> keepBoth(conflict, upstream, attempts);
      case LATER -> hold(conflict, upstream);
    }
  }

  private void keepBoth(Conflict conflict, RemoteChange upstream, int attempts) throws IOException {
    if (conflict.upstream().isDeleted()) {
      state.keepLocal(conflict.path(), upstream.base(Optional.empty()));
    } else if (conflict.local().isDeleted()) {
      install(upstream, conflict.local(), attempts);
    } else {
      String beside = freeName(conflict.path(), conflict.local().hash().substring(0, 8));
      files.moveAside(conflict.path(), beside);
      // Also where it was: should this end here, no event may name that path again.
      local.look(conflict.path(), upstream.sequence() - 1);
      local.look(beside, upstream.sequence() - 1);
      install(upstream, PathVersion.DELETED, attempts);
    }
  }

  private String freeName(String path, String mark) {
    int slash = path.lastIndexOf('/') + 1;
    int dot = path.lastIndexOf('.');
    int cut = dot > slash ? dot : path.length();
    String tag = ".conflict-" + replica + "-" + mark;
    for (int n = 1; ; n++) {
      String name = path.substring(0, cut) + tag + (n == 1 ? "" : "-" + n) + path.substring(cut);
      if (files.find(name).isEmpty()
          && !files.folders().exists(name)
          && state.base(name).equals(CommonAncestor.NONE)) {
        return name;
      }
    }
  }

  private void hold(Conflict conflict, RemoteChange upstream) throws IOException {
    PathVersion version = upstream.version();
    if (!version.isDeleted() && held.open(version.hash()).map(this::closed).isEmpty()) {
      Optional<OpenContent> content = upstream.contents().get(version);
      if (content.isPresent()) {
        try (OpenContent open = content.get()) {
          held.keep(version.hash(), open);
        }
      }
    }
    state.hold(
        conflict.path(),
        new CommonAncestor(upstream.sequence(), conflict.base(), Optional.empty()),
        version,
        upstream.sequence());
  }

  private boolean closed(OpenContent content) {
    content.close();
    return true;
  }

  /**
   * Somebody decided. Does nothing where there is no conflict (any more), or another one than the
   * one that was decided about.
   *
   * @return whether the path waits no more
   */
  boolean resolve(
      String path, Resolution resolution, long upstreamSequence, RemoteChange.Contents contents)
      throws IOException {
    Optional<ReplicaState.Held> waiting = state.held(path);
    if (waiting.isEmpty()) {
      return true;
    }
    if (resolution == Resolution.LATER || waiting.get().sequence() != upstreamSequence) {
      return false;
    }
    long sequence = waiting.get().sequence();
    RemoteChange upstream =
        new RemoteChange(path, waiting.get().version(), sequence, true, contents);
    Optional<LocalWrite> write = local.look(path, sequence);
    CommonAncestor base = state.base(path);
    PathVersion here = write.map(LocalWrite::version).orElse(base.version());
    try {
      if (here.equals(upstream.version())) {
        state.agree(path, upstream.base(Optional.empty()));
      } else {
        Conflict conflict = new Conflict(path, base.version(), here, upstream.version(), sequence);
        settle(conflict, upstream, resolution, ATTEMPTS);
      }
    } catch (InaccessibleException e) {
      reports.delayed(path, e.reason());
      return false;
    }
    // A decision to keep a version that equals the base leaves no write yet.
    local.look(path, sequence);
    held.retain(state.held().stream().map(one -> one.version().hash()).collect(Collectors.toSet()));
    return state.held(path).isEmpty();
  }

  /** The workspace's version of a path that waits for a decision; empty where it is too large. */
  Optional<byte[]> heldContent(String path, int longest) throws IOException {
    Optional<ReplicaState.Held> waiting =
        state
            .held(path)
            .filter(one -> !one.version().isDeleted() && one.version().size() <= longest);
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    Optional<OpenContent> content = held.open(waiting.get().version().hash());
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try (OpenContent open = content.get()) {
      byte[] bytes = new byte[(int) open.size()];
      return Optional.of(bytes).filter(all -> open.content().read(all, 0) == all.length);
    }
  }
}
