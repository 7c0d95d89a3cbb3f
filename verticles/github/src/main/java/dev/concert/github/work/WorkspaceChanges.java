package dev.concert.github.work;

import dev.concert.github.work.TransferredFiles.Look;
import dev.concert.github.work.WorkRepository.FastImport;
import dev.concert.github.work.WorkRepository.TreeFile;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Makes a commit of what an agent changed in its workspace. What it wrote is data: no git runs
 * where it can write, and no path of git's own is taken.
 */
final class WorkspaceChanges {
  private static final String RULES = ".gitignore";
  private static final long NANOS = 1_000_000_000L;
  private static final int LARGEST_RULES = 1 << 20;

  private final WorkerExecutor workers;
  private final TransferredFiles files;
  private final WorkRepository repository;
  private final WorkItem item;

  WorkspaceChanges(
      WorkerExecutor workers, TransferredFiles files, WorkRepository repository, WorkItem item) {
    this.workers = workers;
    this.files = files;
    this.repository = repository;
    this.item = item;
  }

  /** What is in the workspace, beside what was put there and what is on the branch. */
  private record Compared(
      SortedMap<String, Look> now,
      SortedMap<String, TreeFile> base,
      SortedMap<String, TreeFile> parent) {

    /** Paths that may be other than they were put there. */
    Set<String> changed(long seconds) {
      Set<String> changed = new TreeSet<>();
      now.forEach(
          (path, look) -> {
            TreeFile before = base.get(path);
            boolean isSame =
                before != null
                    && !look.isLink()
                    && !before.isLink()
                    && look.size() == before.size()
                    && look.mayRun() == before.mayRun()
                    && look.modified() == seconds * NANOS;
            if (!isSame && !isGits(path)) {
              changed.add(path);
            }
          });
      return changed;
    }

    Set<String> gone() {
      Set<String> gone = new TreeSet<>();
      parent.forEach(
          (path, file) -> {
            if (file.isBlob() && !now.containsKey(path)) {
              gone.add(path);
            }
          });
      return gone;
    }
  }

  /** Whether a path belongs to git, on any filesystem. */
  static boolean isGits(String path) {
    return Arrays.stream(path.split("/", -1))
        .anyMatch(
            part ->
                part.isEmpty()
                    || part.equals(".")
                    || part.equals("..")
                    || part.toLowerCase(Locale.ROOT).matches("\\.git[ .]*|git~1"));
  }

  /**
   * The commit with everything that is in the workspace.
   *
   * @return the parent where nothing changed
   */
  Future<String> commit(String author, long commitSeconds, String message) {
    long seconds = item.createdMs() / 1000;
    String parent = item.parent();
    return files
        .list()
        .compose(
            now ->
                workers.executeBlocking(
                    () ->
                        new Compared(
                            now,
                            repository.tree(item.baseCommit().orElseThrow()),
                            repository.tree(parent)),
                    false))
        .compose(
            compared ->
                wanted(compared, seconds)
                    .compose(
                        wanted ->
                            files.fetch(
                                wanted,
                                tar ->
                                    repository.commit(
                                        parent,
                                        author,
                                        commitSeconds,
                                        message,
                                        into -> write(into, tar, wanted, compared)))));
  }

  /** What changed, without what the repository's own rules ignore. */
  private Future<Set<String>> wanted(Compared compared, long seconds) {
    Set<String> changed = compared.changed(seconds);
    List<String> added =
        changed.stream().filter(path -> !compared.parent().containsKey(path)).toList();
    List<String> rules =
        compared.now().keySet().stream()
            .filter(path -> path.equals(RULES) || path.endsWith("/" + RULES))
            .toList();
    return files
        .fetch(added.isEmpty() ? List.of() : rules, tar -> ignored(tar, added))
        .map(
            ignored -> {
              changed.removeAll(ignored);
              return changed;
            });
  }

  private Set<String> ignored(TarArchiveInputStream tar, List<String> added) throws IOException {
    Path folder = Files.createTempDirectory(repository.folder(), "rules");
    List<Path> made = new ArrayList<>(List.of(folder));
    try {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && !isGits(entry.getName()) && entry.getSize() <= LARGEST_RULES) {
          Path file = folder.resolve(entry.getName());
          for (Path at = file.getParent(); !Files.exists(at); at = at.getParent()) {
            made.add(at);
          }
          Files.createDirectories(file.getParent());
          Files.copy(tar, file);
          made.add(file);
        }
      }
      return repository.ignored(folder, added);
    } finally {
      made.stream().sorted(Comparator.reverseOrder()).forEach(WorkspaceChanges::delete);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("The rules of a run cannot be removed", e);
    }
  }

  private void write(
      FastImport into, TarArchiveInputStream tar, Set<String> wanted, Compared compared)
      throws IOException {
    for (String path : compared.gone()) {
      into.delete(path);
    }
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (!wanted.contains(entry.getName())) {
        throw new IOException("The workspace sends a path that nobody asked for");
      }
      if (entry.isSymbolicLink()) {
        into.link(entry.getName(), entry.getLinkName());
      } else {
        Optional<LargeFilePointer> pointer = pointer(entry, compared);
        if (pointer.isPresent()) {
          writeUnlessSame(into, tar, entry, pointer.get());
        } else {
          into.file(entry.getName(), mode(entry), entry.getSize(), tar);
        }
      }
    }
  }

  private static String mode(TarArchiveEntry entry) {
    return (entry.getMode() & 0100) != 0 ? "100755" : "100644";
  }

  /** The pointer on the branch that a file may be the content of, by its size. */
  private Optional<LargeFilePointer> pointer(TarArchiveEntry entry, Compared compared) {
    return Optional.ofNullable(compared.parent().get(entry.getName()))
        .filter(before -> item.plan().largeFiles() && before.isBlob())
        .flatMap(repository::pointer)
        .filter(one -> one.size() == entry.getSize());
  }

  /** Git LFS puts the content of a pointer into the workspace: then nobody changed the file. */
  private void writeUnlessSame(
      FastImport into, TarArchiveInputStream tar, TarArchiveEntry entry, LargeFilePointer pointer)
      throws IOException {
    Path copy = repository.folder().resolve("large-" + pointer.hash());
    try {
      Files.deleteIfExists(copy);
      if (!pointer.copy(tar, copy)) {
        try (InputStream content = Files.newInputStream(copy)) {
          into.file(entry.getName(), mode(entry), entry.getSize(), content);
        }
      }
    } finally {
      delete(copy);
    }
  }
}
