package dev.concert.chronicle.replication.master;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.replication.exchange.ContentFetcher;
import dev.concert.chronicle.replication.wire.FolderEntry;
import dev.concert.chronicle.replication.wire.PathVersion;
import dev.concert.chronicle.replication.wire.RejectReason;
import dev.concert.chronicle.replication.wire.SyncPath;
import dev.concert.chronicle.replication.wire.WireException;
import dev.concert.chronicle.replication.wire.WireMessage.Accepted;
import dev.concert.chronicle.replication.wire.WireMessage.Rejected;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBack;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackEntry;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides about the writes of one replica and makes those that are taken. For one thread. */
final class WriteBackHandler {
  private static final Logger LOG = LoggerFactory.getLogger(WriteBackHandler.class);

  static final int MAX_ENTRIES = 256;

  /** For a content that is smaller it is not looked whether the workspace has it. Bytes. */
  private static final int WORTH_LOOKING = 64 * 1024;

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int FILE = 0100000;
  private static final int SYMLINK = 0120000;
  private static final int MAX_LINK = 4095;

  private final String workspaceId;
  private final MasterWorkspace workspace;
  private final MasterOptions options;
  private final ContentFetcher contents;
  private final FolderNotifications folders;
  private final ReentrantLock reconciling;
  private final BooleanSupplier isOpen;

  /**
   * @param reconciling held while one write is compared with the journal and made
   */
  WriteBackHandler(
      String workspaceId,
      MasterWorkspace workspace,
      MasterOptions options,
      ContentFetcher contents,
      FolderNotifications folders,
      ReentrantLock reconciling,
      BooleanSupplier isOpen) {
    this.workspaceId = workspaceId;
    this.workspace = workspace;
    this.options = options;
    this.contents = contents;
    this.folders = folders;
    this.reconciling = reconciling;
    this.isOpen = isOpen;
  }

  /** What became of one entry. */
  private sealed interface Outcome {
    /**
     * @param sequence the iteration that has it
     */
    record Made(long sequence) implements Outcome {}

    record Refused(RejectReason reason) implements Outcome {}
  }

  /** What became of each entry. */
  WriteBackResult take(WriteBack batch) throws IOException {
    if (batch.entries().size() > MAX_ENTRIES) {
      throw new WireException("a batch has more than " + MAX_ENTRIES + " entries");
    }
    Map<String, Long> known = known(batch.entries());
    List<Accepted> accepted = new ArrayList<>();
    List<Rejected> rejected = new ArrayList<>();
    for (WriteBackEntry entry : batch.entries()) {
      if (!isOpen.getAsBoolean()) {
        throw new IOException("the replica is gone");
      }
      switch (take(entry, batch, known)) {
        case Outcome.Made made -> accepted.add(new Accepted(entry.localSeq(), made.sequence()));
        case Outcome.Refused refused ->
            rejected.add(new Rejected(entry.localSeq(), refused.reason().wireName()));
      }
    }
    return new WriteBackResult(List.copyOf(accepted), List.copyOf(rejected));
  }

  /** Large contents that this workspace has: nothing else of the shared store counts. */
  private Map<String, Long> known(List<WriteBackEntry> entries) {
    Map<String, Long> sizes = new HashMap<>();
    if (entries.stream().anyMatch(entry -> entry.size() >= WORTH_LOOKING)) {
      workspace
          .snapshot()
          .live()
          .forEach(iteration -> sizes.put(iteration.hash(), iteration.size()));
    }
    return sizes;
  }

  private Outcome take(WriteBackEntry entry, WriteBack batch, Map<String, Long> known)
      throws IOException {
    if (SyncPath.wrong(entry.filepath()).isPresent()) {
      return new Outcome.Refused(RejectReason.PATH_INVALID);
    }
    if (!isValid(entry)) {
      return new Outcome.Refused(RejectReason.ENTRY_INVALID);
    }
    if (isBehind(entry)) {
      return new Outcome.Refused(RejectReason.CONFLICT);
    }
    if (FolderEntry.isOne(entry)) {
      return make(entry, () -> change(entry));
    }
    if (entry.isDeletion()) {
      return make(entry, () -> workspace.delete(entry.filepath(), path -> keeps(batch, path)));
    }
    Optional<OpenContent> content = content(entry, known);
    if (content.isEmpty()) {
      return new Outcome.Refused(RejectReason.CONTENT_UNAVAILABLE);
    }
    PathVersion version = version(entry);
    try (OpenContent open = content.get()) {
      return make(
          entry, () -> workspace.write(entry.filepath(), version.kind(), version.mode(), open));
    }
  }

  private void change(WriteBackEntry folder) {
    if (folder.isDeletion()) {
      workspace.removeFolder(folder.filepath());
    } else {
      workspace.makeFolder(folder.filepath(), FolderEntry.mode(folder));
    }
  }

  /** Whether a folder stays when its last file goes: the replica has it, and knows of it. */
  private boolean keeps(WriteBack batch, String folder) {
    return batch.entries().stream()
        .filter(entry -> FolderEntry.isOne(entry) && entry.filepath().equals(folder))
        .findFirst()
        .map(entry -> !entry.isDeletion())
        .orElseGet(() -> folders.isTold(folder));
  }

  private boolean isValid(WriteBackEntry entry) {
    if (FolderEntry.isOne(entry)) {
      return FolderEntry.isValid(entry);
    }
    if (entry.isDeletion()) {
      return entry.size() == 0;
    }
    long type = entry.permissions() & ~07777L;
    boolean sizeFits =
        type == SYMLINK
            ? entry.size() > 0 && entry.size() <= MAX_LINK
            : type == FILE && entry.size() >= 0 && entry.size() <= options.maxFile();
    return sizeFits && HASH.matcher(entry.contentHash()).matches();
  }

  private boolean isBehind(WriteBackEntry entry) {
    return workspace.latestOf(entry.filepath()) > entry.masterRowidSeen();
  }

  private Optional<OpenContent> content(WriteBackEntry entry, Map<String, Long> known)
      throws IOException {
    if (known.getOrDefault(entry.contentHash(), -1L) == entry.size()) {
      Optional<OpenContent> here = workspace.content(entry.contentHash(), entry.size());
      if (here.isPresent()) {
        return here;
      }
    }
    try {
      return contents.fetch(entry.contentHash(), entry.size());
    } catch (WireException changed) {
      // The file changed while it was read: a newer write of it is on its way.
      LOG.debug("Workspace {}: {}", workspaceId, changed.getMessage());
      return Optional.empty();
    }
  }

  private static PathVersion version(WriteBackEntry entry) {
    return entry.isDeletion()
        ? PathVersion.DELETED
        : new PathVersion(entry.contentHash(), entry.size(), (int) entry.permissions());
  }

  private Outcome make(WriteBackEntry entry, Runnable change) {
    reconciling.lock();
    try {
      if (isBehind(entry)) {
        return new Outcome.Refused(RejectReason.CONFLICT);
      }
      change.run();
      return new Outcome.Made(
          FolderEntry.isOne(entry) ? entry.masterRowidSeen() : sequence(entry, version(entry)));
    } catch (RuntimeException e) {
      LOG.warn("Workspace {} cannot take a write of a replica: {}", workspaceId, e.getMessage());
      LOG.debug("The write that failed", e);
      return new Outcome.Refused(RejectReason.FAILED);
    } finally {
      reconciling.unlock();
    }
  }

  /**
   * The iteration that a write became. The agent may have changed the path again by now, and the
   * replica must not take that for its own; a write that changed nothing became no iteration.
   */
  private long sequence(WriteBackEntry entry, PathVersion version) {
    return workspace.of(entry.filepath()).stream()
        .filter(iteration -> iteration.sequence() > entry.masterRowidSeen())
        .filter(iteration -> version(iteration).equals(version))
        .mapToLong(Iteration::sequence)
        .findFirst()
        .orElse(entry.masterRowidSeen());
  }

  private static PathVersion version(Iteration iteration) {
    return iteration.change() == Change.DELETED
        ? PathVersion.DELETED
        : PathVersion.of(iteration.kind(), iteration.mode(), iteration.hash(), iteration.size());
  }
}
