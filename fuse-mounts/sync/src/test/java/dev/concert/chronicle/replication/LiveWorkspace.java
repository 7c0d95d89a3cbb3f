package dev.concert.chronicle.replication;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.iteration.Snapshot;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.replication.master.MasterWorkspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** A workspace with a real journal and content store, whose live files are in memory. */
public final class LiveWorkspace implements MasterWorkspace, AutoCloseable {
  private final AtomicLong clock = new AtomicLong();
  private final ContentStore store;
  private final Journal journal;
  private final LivePaths paths;
  private final MemoryFolders folders;
  private volatile Runnable onIterations = () -> {};
  private volatile RuntimeException failing;
  private volatile String failingPath;
  private volatile long forgotten;
  private volatile Runnable afterWrite = () -> {};
  private volatile Runnable beforeWrite = () -> {};

  public LiveWorkspace(Path folder) {
    store = ContentStore.open(folder.resolve("cas"));
    journal =
        Journal.open(folder.resolve("journal.db"), InstantSource.system(), _ -> onIterations.run());
    paths = new LivePaths(journal.history());
    folders = new MemoryFolders(this, paths::now);
  }

  public void onIterations(Runnable work) {
    onIterations = work;
  }

  /** Every write of a replica fails from now on; null ends that. */
  public void failWith(RuntimeException failure) {
    failing = failure;
  }

  /** Every write of a replica to this path fails from now on; null ends that. */
  public void failFor(String path, RuntimeException failure) {
    failingPath = failure == null ? null : path;
    failing = failure;
  }

  /** The journal has no iterations up to this one any more. */
  public void forget(long sequence) {
    forgotten = sequence;
  }

  /** Somebody acts right before each write of a replica, after it was compared. */
  public void beforeWrite(Runnable work) {
    beforeWrite = work;
  }

  /** Somebody acts right after each write of a replica. */
  public void afterWrite(Runnable work) {
    afterWrite = work;
  }

  public long writes(String path, String content) {
    return writes(path, Kind.FILE, 0644, content.getBytes(StandardCharsets.UTF_8));
  }

  public synchronized long writes(String path, Kind kind, int mode, byte[] content) {
    folders.clear(path);
    folders.above(path);
    Blob blob = store.put(Content.of(content));
    long now = clock.incrementAndGet();
    journal.enter(
        new Entry.Written(path, kind, mode, blob, new Signature(content.length, now, now)));
    return latest();
  }

  /** Whether a file could be made there, as a real tree would allow it. */
  public synchronized boolean hasRoomFor(String path) {
    return !LivePaths.isObstructed(paths.now(), path)
        && LivePaths.below(paths.now(), path).isEmpty();
  }

  /** How many files are anywhere in a folder. */
  public synchronized int count(String folder) {
    return LivePaths.below(paths.now(), folder).size();
  }

  /** Makes a folder, where no file is in the way. */
  public synchronized boolean makes(String folder) {
    boolean free = !LivePaths.isObstructed(paths.now(), folder + "/");
    if (free) {
      folders.above(folder + "/");
    }
    return free;
  }

  /** Removes a folder without files. */
  public synchronized void removes(String folder) {
    folders.clear(folder);
  }

  public synchronized void deletes(String path) {
    journal.enter(new Entry.Removed(path));
  }

  public synchronized void renames(String from, String to) {
    folders.clear(to);
    folders.above(to);
    journal.enter(new Entry.Renamed(from, to));
  }

  /** What is there: each path with its kind, permissions and content. */
  public synchronized Map<String, String> files() {
    Map<String, String> files = new TreeMap<>();
    for (Iteration live : journal.history().snapshot().live()) {
      byte[] content = store.read(live.hash()).orElseThrow();
      files.put(live.path(), MemoryFiles.describe(live.kind(), live.mode(), content));
    }
    return files;
  }

  /** The texts of the files that are there. */
  public synchronized Map<String, String> contents() {
    Map<String, String> texts = new TreeMap<>();
    for (Iteration live : journal.history().snapshot().live()) {
      texts.put(
          live.path(), new String(store.read(live.hash()).orElseThrow(), StandardCharsets.UTF_8));
    }
    return texts;
  }

  /** Whether some iteration had this content. */
  public boolean everHad(String content) {
    String hash =
        dev.concert.chronicle.content.ContentHash.of(content.getBytes(StandardCharsets.UTF_8));
    return since(0, Integer.MAX_VALUE).stream().anyMatch(one -> one.hash().equals(hash));
  }

  @Override
  public List<Iteration> since(long sequence, int limit) {
    return journal.history().since(Math.max(sequence, forgotten), limit);
  }

  @Override
  public long latest() {
    return journal.history().latest();
  }

  @Override
  public Snapshot snapshot() {
    return journal.history().snapshot();
  }

  @Override
  public long latestOf(String path) {
    return journal.history().latestOf(path);
  }

  @Override
  public List<Iteration> of(String path) {
    return journal.history().of(path);
  }

  @Override
  public Optional<OpenContent> content(String hash, long size) {
    return store
        .open(hash)
        .map(
            _ ->
                new OpenContent(
                    (into, position) -> {
                      byte[] part = store.read(hash, position, into.length).orElse(new byte[0]);
                      System.arraycopy(part, 0, into, 0, part.length);
                      return part.length;
                    },
                    size,
                    () -> {}));
  }

  @Override
  public synchronized void write(String path, Kind kind, int mode, OpenContent content) {
    fail(path);
    if (!hasRoomFor(path) || folders.exists(path)) {
      throw new IllegalStateException("Something is in the way of " + path);
    }
    beforeWrite.run();
    byte[] bytes = new byte[(int) content.size()];
    content.content().read(bytes, 0);
    writes(path, kind, kind == Kind.SYMLINK ? 0777 : mode, bytes);
    afterWrite.run();
  }

  @Override
  public void delete(String path, Predicate<String> keeps) {
    fail(path);
    beforeWrite.run();
    synchronized (this) {
      deletes(path);
      for (int slash = path.lastIndexOf('/');
          slash > 0 && !keeps.test(path.substring(0, slash));
          slash = path.lastIndexOf('/', slash - 1)) {
        folders.remove(path.substring(0, slash));
      }
    }
    afterWrite.run();
  }

  @Override
  public Map<String, Integer> emptyFolders() {
    return folders.empty();
  }

  @Override
  public boolean hasFolder(String path) {
    return folders.exists(path);
  }

  @Override
  public synchronized void makeFolder(String path, int mode) {
    fail(path);
    if (!makes(path)) {
      throw new IllegalStateException("Something is in the way of " + path);
    }
    folders.make(path, mode);
  }

  @Override
  public void removeFolder(String path) {
    fail(path);
    folders.remove(path);
  }

  private void fail(String path) {
    if (failing != null && (failingPath == null || failingPath.equals(path))) {
      throw failing;
    }
  }

  @Override
  public void close() {
    journal.close();
  }
}
