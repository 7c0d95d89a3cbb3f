package dev.concert.chronicle.replication;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.master.Master;
import dev.concert.chronicle.replication.master.MasterOptions;
import dev.concert.chronicle.replication.replica.Replica;
import dev.concert.chronicle.replication.replica.ReplicaListener;
import dev.concert.chronicle.replication.replica.ReplicaOptions;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A workspace with its master, and replicas at a wire that can be cut. */
final class Stage implements AutoCloseable {
  /** A replica that misses more is sent everything. */
  static final long GAP = 50;

  final LiveWorkspace workspace;
  final Master master;
  final Wire wire;
  final Path folder;
  private final List<Replica> open = new ArrayList<>();

  Stage(Path folder) {
    this.folder = folder;
    workspace = new LiveWorkspace(folder.resolve("workspace"));
    master =
        new Master(
            "w",
            workspace,
            new MasterOptions(
                Duration.ofMillis(100),
                Duration.ofSeconds(20),
                GAP,
                8,
                1 << 30,
                folder.resolve("staging")));
    workspace.onIterations(master::advanced);
    wire = new Wire(folder, master);
  }

  @Override
  public void close() {
    open.forEach(Replica::close);
    wire.close();
    master.close();
    workspace.close();
  }

  static final class Notes implements ReplicaListener {
    final List<Conflict> conflicts = new CopyOnWriteArrayList<>();
    final List<String> applied = new CopyOnWriteArrayList<>();
    final List<String> refused = new CopyOnWriteArrayList<>();
    final List<String> delayed = new CopyOnWriteArrayList<>();
    final List<String> leftOut = new CopyOnWriteArrayList<>();
    final List<String> moved = new CopyOnWriteArrayList<>();
    final List<Long> resyncs = new CopyOnWriteArrayList<>();
    volatile Resolution decision = Resolution.KEEP_BOTH;

    @Override
    public Resolution conflict(Conflict conflict) {
      conflicts.add(conflict);
      return decision;
    }

    @Override
    public void applied(String path, PathVersion version) {
      applied.add(path);
    }

    @Override
    public void refused(String path, String reason) {
      refused.add(path + ": " + reason);
    }

    @Override
    public void delayed(String path, String reason) {
      delayed.add(path + ": " + reason);
    }

    @Override
    public void leftOut(String path, String reason) {
      leftOut.add(path + ": " + reason);
    }

    @Override
    public void movedAside(String path, String name) {
      moved.add(path + " to " + name);
    }

    @Override
    public void resyncing(long files) {
      resyncs.add(files);
    }
  }

  final class Site {
    final MemoryFiles files = new MemoryFiles();
    final Notes notes = new Notes();
    private final String name;
    Replica replica;

    Site(String name) {
      this.name = name;
      start();
    }

    void start() {
      replica =
          Replica.open(
              new ReplicaOptions(
                  name, folder.resolve(name), Duration.ofSeconds(20), Duration.ofMillis(200)),
              files,
              wire,
              notes);
      open.addFirst(replica);
    }

    void stop() {
      replica.close();
    }

    void writes(String path, String content) {
      files.writes(path, content);
      replica.changed(List.of(path));
    }

    void makes(String path, int mode) {
      files.makes(path);
      files.folders().make(path, mode);
      replica.changed(List.of(path));
    }

    void removes(String path) {
      files.removes(path);
      replica.rescan();
    }

    void deletes(String path) {
      files.deletes(path);
      replica.changed(List.of(path));
    }

    void settles() {
      try {
        replica.settle().get(3, TimeUnit.MINUTES);
      } catch (Exception e) {
        throw new AssertionError("It did not settle: " + replica.status().join(), e);
      }
    }
  }

  Site site(String name) {
    return new Site(name);
  }
}
