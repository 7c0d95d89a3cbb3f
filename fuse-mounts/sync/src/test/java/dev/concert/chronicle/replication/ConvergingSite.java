package dev.concert.chronicle.replication;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.replica.Replica;
import dev.concert.chronicle.replication.replica.ReplicaListener;
import dev.concert.chronicle.replication.replica.ReplicaOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A person's files and their replica, which may be cut off, die and fail. */
final class ConvergingSite implements ReplicaListener, AutoCloseable {
  final MemoryFiles files = new MemoryFiles();
  final Set<String> conflicts = ConcurrentHashMap.newKeySet();
  private final Map<String, String> lastWrites = new HashMap<>();
  private final Random random = new Random(42);
  private final KillSwitch life = new KillSwitch();
  private final String name;
  private final Path folder;
  private final Wire wire;
  private final Campaign campaign;
  private volatile Replica replica;

  ConvergingSite(String name, Path folder, Wire wire, Campaign campaign) {
    this.name = name;
    this.folder = folder.resolve(name);
    this.wire = wire;
    this.campaign = campaign;
    open();
  }

  private void open() {
    replica =
        Replica.open(
            new ReplicaOptions(name, folder, Duration.ofSeconds(20), Duration.ofMillis(100)),
            life.files(files),
            () -> life.transport(wire.connect()),
            life.listener(this));
  }

  /** The replica dies after so many steps more, and is started again when somebody needs it. */
  void kill(int steps) {
    life.after(steps);
  }

  private void revive() {
    if (life.isTripped()) {
      campaign.deaths.incrementAndGet();
      replica.close();
      life.reset();
      open();
    }
  }

  void restart() {
    replica.close();
    life.reset();
    open();
  }

  /** Some of the next changes fail. */
  void fault() {
    files.beforeChange(
        () -> {
          if (random.nextInt(3) == 0) {
            throw new UncheckedIOException(new IOException("The disk failed"));
          }
        });
  }

  void writes(String path, String content) {
    if (files.hasRoomFor(path)) {
      files.writes(path, content);
      lastWrites.put(path, content);
      replica.changed(List.of(path));
    }
  }

  void deletes(String path) {
    files.deletes(path);
    lastWrites.remove(path);
    replica.changed(List.of(path));
  }

  void makes(String path) {
    files.makes(path);
    replica.changed(List.of(path));
  }

  void removes(String path) {
    files.removes(path);
    replica.rescan();
  }

  void renames(String from, String to) {
    if (files.renames(from, to)) {
      String content = lastWrites.remove(from);
      lastWrites.remove(to);
      if (content != null) {
        lastWrites.put(to, content);
      }
      replica.changed(List.of(from, to));
    }
  }

  /** The contents that were written last, each to its path, and forgets them. */
  Collection<String> lastWrites() {
    List<String> contents = List.copyOf(lastWrites.values());
    lastWrites.clear();
    return contents;
  }

  void settle() {
    files.beforeChange(() -> {});
    revive();
    try {
      life.await(replica.settle());
    } catch (Exception | AssertionError e) {
      throw new AssertionError(name + " did not settle: " + replica.status().join(), e);
    }
    if (life.isTripped()) {
      settle();
    }
  }

  @Override
  public Resolution conflict(Conflict conflict) {
    campaign.conflicts.incrementAndGet();
    conflicts.add(conflict.path());
    return Resolution.KEEP_BOTH;
  }

  @Override
  public void movedAside(String path, String name) {
    conflicts.add(path);
  }

  @Override
  public void close() {
    replica.close();
  }
}
