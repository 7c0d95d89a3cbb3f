package dev.concert.chronicle.replication;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.replica.files.ReplicaFile;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Files of a replica in memory. Before each change somebody may break in. */
public final class MemoryFiles implements ReplicaFiles {
  private record Held(Kind kind, int mode, byte[] content, long written) {}

  private final NavigableMap<String, Held> files = new TreeMap<>();
  private final MemoryFolders folders = new MemoryFolders(this, files::navigableKeySet);
  private long clock;
  private volatile Runnable beforeChange = () -> {};
  private final Map<String, String> inaccessible = new ConcurrentHashMap<>();

  public void beforeChange(Runnable work) {
    beforeChange = work;
    folders.beforeChange(work);
  }

  /** The disk gives and takes nothing at this path any more. */
  public void refuse(String path, String reason) {
    inaccessible.put(path, reason);
  }

  public void allow(String path) {
    inaccessible.remove(path);
  }

  private void check(String path) {
    String reason = inaccessible.get(path);
    if (reason != null) {
      throw new InaccessibleException(path, reason, null);
    }
  }

  public void writes(String path, String content) {
    writes(path, Kind.FILE, 0644, content.getBytes(StandardCharsets.UTF_8));
  }

  public synchronized void writes(String path, Kind kind, int mode, byte[] content) {
    folders.clear(path);
    folders.above(path);
    files.put(path, new Held(kind, mode, content, ++clock));
  }

  public synchronized void deletes(String path) {
    files.remove(path);
  }

  /** Makes a folder, where no file is in the way. */
  public synchronized boolean makes(String folder) {
    boolean free = files.keySet().stream().noneMatch(file -> (folder + "/").startsWith(file + "/"));
    if (free) {
      folders.above(folder + "/");
    }
    return free;
  }

  /** Removes a folder without files. */
  public synchronized void removes(String folder) {
    folders.clear(folder);
  }

  /** Whether a file could be made there, once folders without files are removed. */
  public synchronized boolean hasRoomFor(String path) {
    return obstacle(path).isEmpty();
  }

  /** Answers with whether there was something to rename, and room for it. */
  public synchronized boolean renames(String from, String to) {
    if (!files.containsKey(from) || !hasRoomFor(to)) {
      return false;
    }
    Held held = files.remove(from);
    writes(to, held.kind, held.mode, held.content);
    return true;
  }

  /** What is there: each path with its kind, permissions and content. */
  public synchronized Map<String, String> files() {
    Map<String, String> all = new TreeMap<>();
    files.forEach((path, held) -> all.put(path, describe(held.kind, held.mode, held.content)));
    return all;
  }

  @Override
  public MemoryFolders folders() {
    return folders;
  }

  static String describe(Kind kind, int mode, byte[] content) {
    String text =
        content.length <= 200
            ? new String(content, StandardCharsets.UTF_8)
            : content.length + " bytes " + ContentHash.of(content);
    return kind == Kind.SYMLINK ? "-> " + text : Integer.toOctalString(mode) + " " + text;
  }

  public synchronized String text(String path) {
    return new String(files.get(path).content, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized Optional<ReplicaFile> find(String path) {
    return Optional.ofNullable(files.get(path)).map(held -> look(path, held));
  }

  private static ReplicaFile look(String path, Held held) {
    return new ReplicaFile(
        path, held.kind, held.mode, new Signature(held.content.length, held.written, 0));
  }

  @Override
  public void walk(Consumer<ReplicaFile> visitor) {
    Map<String, Held> all;
    synchronized (this) {
      all = new TreeMap<>(files);
    }
    all.forEach((path, held) -> visitor.accept(look(path, held)));
  }

  @Override
  public synchronized Optional<OpenContent> open(String path) {
    check(path);
    return Optional.ofNullable(files.get(path))
        .map(held -> new OpenContent(Content.of(held.content), held.content.length, () -> {}));
  }

  @Override
  public Optional<ReplicaFile> put(
      String path, Optional<ReplicaFile> expected, Kind kind, int mode, OpenContent content) {
    check(path);
    beforeChange.run();
    synchronized (this) {
      if (!find(path).equals(expected)) {
        return Optional.empty();
      }
      obstacle(path)
          .ifPresent(
              found -> {
                throw new ObstructedException(found);
              });
      if (folders.exists(path)) {
        throw new ObstructedException(path);
      }
      byte[] bytes = new byte[(int) content.size()];
      content.content().read(bytes, 0);
      writes(path, kind, kind == Kind.SYMLINK ? 0777 : mode, bytes);
      return find(path);
    }
  }

  private Optional<String> obstacle(String path) {
    return files.keySet().stream()
        .filter(other -> path.startsWith(other + "/") || other.startsWith(path + "/"))
        .map(other -> other.length() < path.length() ? other : path)
        .findFirst();
  }

  @Override
  public boolean delete(String path, ReplicaFile expected) {
    check(path);
    beforeChange.run();
    synchronized (this) {
      return find(path).filter(expected::equals).isPresent() && files.remove(path) != null;
    }
  }

  @Override
  public void moveAside(String path, String to) {
    beforeChange.run();
    synchronized (this) {
      for (String name : java.util.List.copyOf(files.keySet())) {
        if (name.equals(path) || name.startsWith(path + "/")) {
          files.put(to + name.substring(path.length()), files.remove(name));
        }
      }
      folders.renamed(path, to);
    }
  }
}
