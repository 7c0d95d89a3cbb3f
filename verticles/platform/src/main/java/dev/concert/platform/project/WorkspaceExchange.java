package dev.concert.platform.project;

import dev.concert.chronicle.transfer.FileImport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Makes mirror and workspace equal: fetches what the agent changed, and sends what the user
 * changed. Killed at any moment, it does the rest when it is called again. Blocking.
 *
 * @param notice receives a sentence for what stays out
 */
record WorkspaceExchange(
    ProjectSession places, WorkspaceTransfer transfer, Consumer<String> notice) {
  private static final int MOST_NAMED = 5;
  private static final int EXECUTABLE = 0755;
  private static final int PLAIN = 0644;

  /** Brings what the workspace has otherwise than when it was seen last into the mirror. */
  void fetch() throws IOException {
    ProjectIndex index = places.index();
    Map<String, FileSignature> changed = new HashMap<>();
    Set<String> gone = new HashSet<>(index.workspace().keySet());
    MirrorRules rules = places.rules();
    transfer.list(
        line -> {
          gone.remove(line.path());
          FileSignature now = line.signature();
          FileSignature before = index.workspace().get(line.path());
          if (!now.equals(before) && (before != null || !rules.ignores(line.path(), false))) {
            changed.put(line.path(), now);
          }
        });
    // What was not sent to its end is newer than what the workspace has.
    gone.removeAll(index.unsent());
    changed.keySet().removeAll(index.unsent());
    if (gone.isEmpty() && changed.isEmpty()) {
      return;
    }
    for (String path : gone) {
      places.mirror().delete(path);
      index.touched().add(path);
      index.workspace().remove(path);
    }
    if (!changed.isEmpty()) {
      transfer.fetch(new TreeSet<>(changed.keySet()), (entry, in) -> receive(entry, in, changed));
    }
    index.write();
  }

  private void receive(TarArchiveEntry entry, InputStream in, Map<String, FileSignature> changed)
      throws IOException {
    String path = entry.getName();
    FileSignature signature = changed.get(path);
    if (signature == null || MirrorRules.isGitsOwn(path)) {
      throw new IOException("The server sends a path that nobody asked for");
    }
    if (entry.isSymbolicLink()) {
      places.mirror().link(path, entry.getLinkName());
    } else {
      places.mirror().write(path, FileSignature.mayRun(entry.getMode()), in, Optional.empty());
    }
    places.index().touched().add(path);
    places.index().workspace().put(path, signature);
  }

  /**
   * Sends what the mirror has otherwise than the workspace.
   *
   * @param git files for the workspace's repository, by their paths there
   */
  void send(Map<String, Path> git) throws IOException {
    ProjectIndex index = places.index();
    if (index.unsent().isEmpty() && git.isEmpty()) {
      return;
    }
    List<String> refused = new ArrayList<>();
    Map<String, Boolean> executable = new HashMap<>();
    transfer.send(body -> write(git, executable, body), line -> arrived(line, executable, refused));
    index.unsent().clear();
    index.write();
    refused.stream()
        .limit(MOST_NAMED)
        .forEach(path -> notice.accept(path + " stays out: something of the agent's is there."));
  }

  private void arrived(
      WorkspaceTransfer.Line line, Map<String, Boolean> executable, List<String> refused) {
    if (line.refused()) {
      refused.add(line.path());
    } else if (!executable.containsKey(line.path())) {
      places.index().workspace().remove(line.path());
    } else {
      places
          .index()
          .workspace()
          .put(
              line.path(),
              new FileSignature(
                  line.size(), line.modified(), line.inode(), executable.get(line.path())));
    }
  }

  private void write(Map<String, Path> git, Map<String, Boolean> executable, OutputStream body)
      throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(body, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    for (String path : new TreeSet<>(places.index().unsent())) {
      add(path, executable, tar);
    }
    for (Map.Entry<String, Path> entry : git.entrySet()) {
      addGit(entry.getKey(), entry.getValue(), tar);
    }
    tar.putArchiveEntry(new TarArchiveEntry(FileImport.END, true));
    tar.closeArchiveEntry();
    tar.finish();
    tar.flush();
  }

  private void add(String path, Map<String, Boolean> executable, TarArchiveOutputStream tar)
      throws IOException {
    // Only this program writes the mirror, below a folder that is nobody else's.
    Path file = places.mirror().root().resolve(path);
    Optional<PosixFileAttributes> found = places.mirror().look(path);
    TarArchiveEntry entry;
    if (found.isEmpty()) {
      entry = new TarArchiveEntry(path, true);
      entry.addPaxHeader(FileImport.DELETED, "1");
    } else if (found.get().isSymbolicLink()) {
      entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK, true);
      entry.setLinkName(Files.readSymbolicLink(file).toString());
      executable.put(path, true);
    } else {
      boolean runs = ProjectTree.isExecutable(found.get());
      entry = file(path, found.get().size(), found.get().lastModifiedTime(), runs);
      executable.put(path, runs);
    }
    tar.putArchiveEntry(entry);
    if (found.isPresent() && found.get().isRegularFile()) {
      Files.copy(file, tar);
    }
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry file(String path, long size, FileTime time, boolean runs) {
    TarArchiveEntry entry = new TarArchiveEntry(path, true);
    entry.setSize(size);
    entry.setMode(runs ? EXECUTABLE : PLAIN);
    // A fraction of a second would need a header of its own.
    entry.setModTime(FileTime.from(time.toInstant().getEpochSecond(), TimeUnit.SECONDS));
    return entry;
  }

  private static void addGit(String path, Path file, TarArchiveOutputStream tar) {
    try {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        tar.putArchiveEntry(new TarArchiveEntry(path + "/", true));
      } else {
        tar.putArchiveEntry(file(path, Files.size(file), Files.getLastModifiedTime(file), false));
        Files.copy(file, tar);
      }
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new UncheckedIOException("The repository changed while it was read", e);
    }
  }
}
