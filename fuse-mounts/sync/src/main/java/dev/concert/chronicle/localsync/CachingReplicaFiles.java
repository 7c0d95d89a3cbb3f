package dev.concert.chronicle.localsync;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.replica.files.ReplicaFile;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.replica.files.ReplicaFolders;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Files of which every text is remembered that passes by: what both sides agree on has been read
 * here or was written here, so a later merge finds it.
 */
record CachingReplicaFiles(ReplicaFiles files, MergeBaseCache texts) implements ReplicaFiles {

  @Override
  public boolean accepts(String path) {
    return files.accepts(path);
  }

  @Override
  public boolean acceptsTarget(String path, String target) {
    return files.acceptsTarget(path, target);
  }

  @Override
  public ReplicaFolders folders() {
    return files.folders();
  }

  @Override
  public void missing(long missing, long known) {
    files.missing(missing, known);
  }

  @Override
  public Optional<ReplicaFile> find(String path) {
    return files.find(path);
  }

  @Override
  public void walk(Consumer<ReplicaFile> visitor) {
    files.walk(visitor);
  }

  @Override
  public void walk(Consumer<ReplicaFile> visitor, BiConsumer<String, String> leftOut) {
    files.walk(visitor, leftOut);
  }

  @Override
  public long room() {
    return files.room();
  }

  @Override
  public Optional<OpenContent> open(String path) {
    return files.open(path).map(this::remembering);
  }

  @Override
  public Optional<ReplicaFile> put(
      String path, Optional<ReplicaFile> expected, Kind kind, int mode, OpenContent content) {
    if (kind == Kind.SYMLINK) {
      return files.put(path, expected, kind, mode, content);
    }
    // Whoever opened the content closes it; only the copy of it is of concern here.
    try (OpenContent copied =
        remembering(new OpenContent(content.content(), content.size(), () -> {}))) {
      return files.put(path, expected, kind, mode, copied);
    }
  }

  private OpenContent remembering(OpenContent open) {
    if (open.size() == 0 || open.size() > MergeBaseCache.LONGEST) {
      return open;
    }
    Copy copy = new Copy(open.content(), (int) open.size());
    return new OpenContent(
        copy,
        open.size(),
        () -> {
          open.close();
          copy.whole().ifPresent(texts::keep);
        });
  }

  /** Keeps what is read from the begin to the end. For one thread. */
  private static final class Copy implements Content {
    private final Content content;
    private final byte[] bytes;
    private int length;
    private boolean longer;

    private Copy(Content content, int size) {
      this.content = content;
      this.bytes = new byte[size];
    }

    @Override
    public int read(byte[] into, long position) {
      int read = content.read(into, position);
      if (position == length) {
        int fits = Math.min(read, bytes.length - length);
        System.arraycopy(into, 0, bytes, length, fits);
        length += fits;
        longer |= fits < read;
      }
      return read;
    }

    private Optional<byte[]> whole() {
      return length == bytes.length && !longer ? Optional.of(bytes) : Optional.empty();
    }
  }

  @Override
  public boolean delete(String path, ReplicaFile expected) {
    return files.delete(path, expected);
  }

  @Override
  public void moveAside(String path, String to) {
    files.moveAside(path, to);
  }
}
