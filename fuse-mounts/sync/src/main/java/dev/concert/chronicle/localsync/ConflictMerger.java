package dev.concert.chronicle.localsync;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.replica.files.ReplicaFile;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.util.Optional;

/** Puts both changes of a text into the local file. */
record ConflictMerger(ReplicaFiles files, MergeBaseCache texts) {

  /**
   * @param upstream content of the workspace's version
   * @return whether the file holds both changes now; else nothing was changed
   */
  boolean merge(Conflict conflict, byte[] upstream) {
    Optional<ReplicaFile> here = files.find(conflict.path());
    Optional<byte[]> local = here.flatMap(_ -> read(conflict.path()));
    Optional<byte[]> base = base(conflict.base());
    boolean texts = isFile(conflict.local()) && isFile(conflict.upstream()) && here.isPresent();
    if (!texts || local.isEmpty() || base.isEmpty()) {
      return false;
    }
    // The next merge of this file begins where this one ends.
    this.texts.keep(upstream);
    return ThreeWayMerge.merge(base.get(), local.get(), upstream)
        .flatMap(merged -> write(conflict, here, merged))
        .isPresent();
  }

  /** Whether here is a folder at the path of a file, or a file in place of the folder it is in. */
  boolean isFolderAgainstFile(String path) {
    if (files.folders().exists(path)) {
      return true;
    }
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (files.find(path.substring(0, slash)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isFile(PathVersion version) {
    return !version.isDeleted() && version.kind() == Kind.FILE;
  }

  private Optional<byte[]> base(PathVersion base) {
    if (base.isDeleted()) {
      return Optional.empty();
    }
    return base.hash().equals(ContentHash.of(new byte[0]))
        ? Optional.of(new byte[0])
        : texts.find(base.hash());
  }

  private Optional<byte[]> read(String path) {
    try (OpenContent open = files.open(path).orElse(null)) {
      if (open == null || open.size() > MergeBaseCache.LONGEST) {
        return Optional.empty();
      }
      byte[] bytes = new byte[(int) open.size()];
      int length = open.content().read(bytes, 0);
      return length == bytes.length ? Optional.of(bytes) : Optional.empty();
    }
  }

  private Optional<ReplicaFile> write(
      Conflict conflict, Optional<ReplicaFile> here, byte[] merged) {
    int mode =
        conflict.local().mode() == conflict.base().mode()
            ? conflict.upstream().mode()
            : conflict.local().mode();
    try (OpenContent content = new OpenContent(Content.of(merged), merged.length, () -> {})) {
      return files.put(conflict.path(), here, Kind.FILE, mode, content);
    }
  }
}
