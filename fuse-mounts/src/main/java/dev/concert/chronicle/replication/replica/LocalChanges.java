package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.wire.Version;
import dev.concert.chronicle.tree.OpenContent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Notices what differs between the files and their bases. For the replica's thread. */
final class LocalChanges {
  /**
   * A file that was written so shortly ago may be written again without looking different, so its
   * signature is not trusted. Longer than the tick of a kernel's clock.
   */
  private static final Duration RACY = Duration.ofMillis(50);

  private static final int PIECE = 128 * 1024;

  private final ReplicaFiles files;
  private final ReplicaState state;
  private final InstantSource clock;

  LocalChanges(ReplicaFiles files, ReplicaState state, InstantSource clock) {
    this.files = files;
    this.state = state;
    this.clock = clock;
  }

  /** Looks at everything. */
  void lookAtAll(long position) {
    Set<String> paths = new HashSet<>();
    files.walk(file -> paths.add(file.path()));
    List<String> known = state.paths().stream().filter(files::accepts).toList();
    long missing = known.stream().filter(path -> !paths.contains(path) && isNews(path)).count();
    files.missing(missing, known.size());
    paths.addAll(known);
    paths.addAll(state.writes().paths());
    paths.forEach(path -> look(path, position));
  }

  /** Whether it was not noticed before that the path is gone. */
  private boolean isNews(String path) {
    return state.writes().find(path).filter(write -> write.version().isDeleted()).isEmpty();
  }

  /** Looks at a path; answers with the local write that it has, entered into the journal. */
  Optional<LocalWrite> look(String path, long position) {
    if (!files.accepts(path)) {
      return Optional.empty();
    }
    Optional<ReplicaFile> file = files.find(path);
    Base base = state.base(path);
    Optional<LocalWrite> write = state.writes().find(path);
    if (file.isPresent() && write.filter(known -> looksLike(known, file.get())).isPresent()) {
      return write;
    }
    if (file.isPresent() && looksLike(base, file.get())) {
      return differs(path, base.version(), base.signature(), base, write, position);
    }
    Optional<Signature> trusted = file.map(ReplicaFile::signature).filter(this::isSettled);
    Version version = file.flatMap(this::read).orElse(Version.DELETED);
    return differs(path, version, trusted, base, write, position);
  }

  private static boolean looksLike(LocalWrite write, ReplicaFile file) {
    return looksLike(write.version(), write.signature(), file);
  }

  private static boolean looksLike(Base base, ReplicaFile file) {
    return looksLike(base.version(), base.signature(), file);
  }

  private static boolean looksLike(
      Version version, Optional<Signature> signature, ReplicaFile file) {
    return signature.filter(file.signature()::equals).isPresent()
        && version.kind() == file.kind()
        && (file.kind() == Kind.SYMLINK || version.mode() == file.mode());
  }

  /** The signature of a file, unless it may change without showing. */
  Optional<Signature> trusted(ReplicaFile file) {
    return Optional.of(file.signature()).filter(this::isSettled);
  }

  private boolean isSettled(Signature signature) {
    return clock.millis() - signature.modifiedNanos() / 1_000_000 > RACY.toMillis();
  }

  private Optional<LocalWrite> differs(
      String path,
      Version version,
      Optional<Signature> signature,
      Base base,
      Optional<LocalWrite> write,
      long position) {
    boolean isOpen = write.flatMap(LocalWrite::sent).isPresent();
    if (version.equals(base.version()) && !isOpen) {
      if (write.isPresent() || !signature.equals(base.signature())) {
        state.base(path, new Base(base.sequence(), version, signature));
        write.ifPresent(known -> state.writes().drop(path));
      }
      return Optional.empty();
    }
    if (write.filter(known -> known.version().equals(version)).isPresent()) {
      return write;
    }
    Optional<ReplicaState.Held> held = state.held(path);
    if (!isOpen && held.filter(upstream -> upstream.version().equals(version)).isPresent()) {
      // Somebody has made both sides equal by hand.
      state.agree(path, new Base(held.get().sequence(), version, signature));
      return Optional.empty();
    }
    return Optional.of(
        state
            .writes()
            .enter(
                new LocalWrite(
                    0,
                    path,
                    version,
                    Math.max(position, base.sequence()),
                    write.flatMap(LocalWrite::sent),
                    held.isPresent(),
                    signature)));
  }

  private Optional<Version> read(ReplicaFile file) {
    Optional<OpenContent> open = files.open(file.path());
    if (open.isEmpty()) {
      return Optional.empty();
    }
    try (OpenContent content = open.get()) {
      ContentHash hash = new ContentHash();
      byte[] piece = new byte[Math.clamp(content.size() + 1, 1, PIECE)];
      long size = 0;
      for (int length = content.content().read(piece, 0);
          length > 0;
          length = content.content().read(piece, size)) {
        hash.add(piece, length);
        size += length;
      }
      return Optional.of(Version.of(file.kind(), file.mode(), hash.hex(), size));
    }
  }
}
