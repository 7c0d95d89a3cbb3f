package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.replica.files.ReplicaFile;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles.InaccessibleException;
import dev.concert.chronicle.replication.replica.state.CommonAncestor;
import dev.concert.chronicle.replication.replica.state.LocalWrite;
import dev.concert.chronicle.replication.replica.state.ReplicaState;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** Notices what differs between the files and their bases. For the replica's thread. */
final class LocalChangeDetector {
  /**
   * A file that was written so shortly ago may be written again without looking different, so its
   * signature is not trusted. Longer than the tick of a kernel's clock.
   */
  private static final Duration RACY = Duration.ofMillis(50);

  private final ReplicaFiles files;
  private final ReplicaState state;
  private final InstantSource clock;
  private final PathReports reports;

  LocalChangeDetector(
      ReplicaFiles files, ReplicaState state, InstantSource clock, PathReports reports) {
    this.files = files;
    this.state = state;
    this.clock = clock;
    this.reports = reports;
  }

  /** Looks at everything. */
  void lookAtAll(long position) {
    List<String> known = state.paths().stream().filter(files::accepts).toList();
    ReplicaScan scan = ReplicaScan.of(files);
    List<String> missing = missing(known, scan);
    if (missing.size() > 1) {
      // A folder that was renamed during the scan was seen under neither name.
      scan = ReplicaScan.of(files);
      missing = missing(known, scan);
    }
    for (String path : scan.paths()) {
      look(path, position, scan::leftOut);
    }
    files.missing(missing.size() - moved(missing, scan), known.size());
    Set<String> others = new HashSet<>(known);
    others.addAll(state.writes().paths());
    others.removeAll(scan.paths());
    for (String path : others) {
      look(path, position, scan::leftOut);
    }
    scan.leftOut().forEach(reports::leftOut);
    state.leftOut().found(scan.leftOut(), scan.leftOutCount());
  }

  /** What was there at the last look and is not now. */
  private List<String> missing(List<String> known, ReplicaScan scan) {
    return known.stream()
        .filter(path -> !scan.paths().contains(path) && isNews(path) && isGone(path))
        .toList();
  }

  /** Whether it was not noticed before that the path is gone. */
  private boolean isNews(String path) {
    return state.writes().find(path).filter(write -> write.version().isDeleted()).isEmpty();
  }

  private boolean isGone(String path) {
    try {
      return files.find(path).isEmpty();
    } catch (InaccessibleException unknown) {
      return false;
    }
  }

  /**
   * How many of the missing files have another name now: for each there is a new or changed file
   * with the same content.
   */
  private long moved(List<String> missing, ReplicaScan scan) {
    if (missing.isEmpty()) {
      return 0;
    }
    Map<List<Object>, Integer> appeared = new HashMap<>();
    state
        .writes()
        .versions()
        .forEach(
            (path, version) -> {
              if (!version.isDeleted() && scan.paths().contains(path)) {
                appeared.merge(content(version), 1, Integer::sum);
              }
            });
    return missing.stream()
        .map(path -> content(state.base(path).version()))
        .filter(content -> appeared.computeIfPresent(content, (_, count) -> count - 1) != null)
        .filter(content -> appeared.get(content) >= 0)
        .count();
  }

  private static List<Object> content(PathVersion version) {
    return List.of(version.kind(), version.hash());
  }

  /** Looks at a path; answers with the local write that it has, entered into the journal. */
  Optional<LocalWrite> look(String path, long position) {
    return look(path, position, reports::leftOut);
  }

  /** A path that cannot be read has not changed, as far as is known. */
  private Optional<LocalWrite> look(
      String path, long position, BiConsumer<String, String> unreadable) {
    if (!files.accepts(path)) {
      return Optional.empty();
    }
    try {
      return compare(path, position);
    } catch (InaccessibleException e) {
      unreadable.accept(path, e.reason());
      return state.writes().find(path);
    }
  }

  private Optional<LocalWrite> compare(String path, long position) {
    Optional<ReplicaFile> file = files.find(path);
    CommonAncestor base = state.base(path);
    Optional<LocalWrite> write = state.writes().find(path);
    if (file.isPresent() && write.filter(known -> looksLike(known, file.get())).isPresent()) {
      return write;
    }
    if (file.isPresent() && looksLike(base, file.get())) {
      return differs(path, base.version(), base.signature(), base, write, position);
    }
    Optional<Signature> trusted = file.map(ReplicaFile::signature).filter(this::isSettled);
    PathVersion version = file.flatMap(this::read).orElse(PathVersion.DELETED);
    return differs(path, version, trusted, base, write, position);
  }

  private static boolean looksLike(LocalWrite write, ReplicaFile file) {
    return looksLike(write.version(), write.signature(), file);
  }

  private static boolean looksLike(CommonAncestor base, ReplicaFile file) {
    return looksLike(base.version(), base.signature(), file);
  }

  private static boolean looksLike(
      PathVersion version, Optional<Signature> signature, ReplicaFile file) {
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
      PathVersion version,
      Optional<Signature> signature,
      CommonAncestor base,
      Optional<LocalWrite> write,
      long position) {
    boolean isOpen = write.flatMap(LocalWrite::sent).isPresent();
    if (version.equals(base.version()) && !isOpen) {
      if (write.isPresent() || !signature.equals(base.signature())) {
        state.base(path, new CommonAncestor(base.sequence(), version, signature));
        write.ifPresent(known -> state.writes().drop(path));
        reports.settled(path);
      }
      return Optional.empty();
    }
    if (write.filter(known -> known.version().equals(version)).isPresent()) {
      return write;
    }
    Optional<ReplicaState.Held> held = state.held(path);
    if (!isOpen && held.filter(upstream -> upstream.version().equals(version)).isPresent()) {
      // Somebody has made both sides equal by hand.
      state.agree(path, new CommonAncestor(held.get().sequence(), version, signature));
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

  private Optional<PathVersion> read(ReplicaFile file) {
    Optional<OpenContent> open = files.open(file.path());
    if (open.isEmpty()) {
      return Optional.empty();
    }
    try (OpenContent content = open.get()) {
      AtomicLong size = new AtomicLong();
      String hash =
          ContentHash.of(
              (into, position) -> {
                int length = content.content().read(into, position);
                size.accumulateAndGet(position + length, Math::max);
                return length;
              });
      return Optional.of(PathVersion.of(file.kind(), file.mode(), hash, size.get()));
    }
  }
}
