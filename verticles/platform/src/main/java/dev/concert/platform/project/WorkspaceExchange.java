package dev.concert.platform.project;

import dev.concert.chronicle.workspace.HandedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Makes mirror and workspace equal: fetches what the agent changed, and sends what the user
 * changed. Killed at any moment, it does the rest when it is called again. Blocking.
 *
 * @param handed opens the place for large files; empty where the workspace is on another machine
 * @param notice receives a sentence for what stays out
 */
record WorkspaceExchange(
    ProjectSession places,
    WorkspaceTransfer transfer,
    Supplier<Optional<HandedFiles>> handed,
    Consumer<String> notice) {
  private static final int MOST_NAMED = 5;

  /**
   * What the workspace has otherwise than when it was seen last.
   *
   * @param listing digest of all that it has
   */
  record Difference(Map<String, FileSignature> changed, Set<String> gone, String listing) {}

  /** Changes nothing. */
  Difference compare() throws IOException {
    ProjectIndex index = places.index();
    Map<String, FileSignature> changed = new HashMap<>();
    Set<String> gone = new HashSet<>(index.workspace().keySet());
    MirrorRules rules = places.rules();
    WorkspaceTransfer.Line end =
        transfer.list(
            index.listing(),
            line -> {
              gone.remove(line.path());
              FileSignature now = line.signature();
              FileSignature before = index.workspace().get(line.path());
              if (!now.equals(before) && (before != null || !rules.ignores(line.path(), false))) {
                changed.put(line.path(), now);
              }
            });
    if (end.same()) {
      gone.clear();
    }
    // What was not sent to its end is newer than what the workspace has.
    gone.removeAll(index.unsent());
    changed.keySet().removeAll(index.unsent());
    return new Difference(changed, gone, index.unsent().isEmpty() ? end.digest() : "");
  }

  /** Brings what the workspace has otherwise into the mirror. */
  void fetch(Difference difference) throws IOException {
    ProjectIndex index = places.index();
    Map<String, FileSignature> changed = difference.changed();
    if (difference.gone().isEmpty()
        && changed.isEmpty()
        && difference.listing().equals(index.listing())) {
      return;
    }
    for (String path : difference.gone()) {
      places.mirror().delete(path);
      index.touched().add(path);
      index.workspace().remove(path);
    }
    if (!changed.isEmpty()) {
      transfer.fetch(new TreeSet<>(changed.keySet()), (entry, in) -> receive(entry, in, changed));
    }
    index.listing(difference.listing());
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

  /** Makes the files of the workspace's repository, by their paths there. */
  @FunctionalInterface
  interface GitSeed {
    Map<String, Path> make() throws IOException;
  }

  /**
   * The first time: takes all files of the user, and sends each of them as soon as it is taken.
   *
   * @return how many there are
   */
  int begin(Set<String> files, GitSeed git) throws IOException {
    ProjectIndex index = places.index();
    Set<String> present = ProjectSession.present(files, notice);
    Set<String> gone = new TreeSet<>(index.unsent());
    gone.removeAll(present);
    // Before anything is sent: what a kill cut may be in the workspace already.
    index.unsent().addAll(present);
    index.write();
    Map<String, Path> repository = git.make();
    AtomicInteger taken = new AtomicInteger();
    send(
        archive -> {
          for (String path : gone) {
            archive.deleted(path);
          }
          taken.set(places.takeAll(present, notice, archive));
          repository.forEach(archive::git);
        });
    return taken.get();
  }

  /**
   * Sends what the mirror has otherwise than the workspace.
   *
   * @param git files for the workspace's repository, by their paths there
   */
  void send(Map<String, Path> git) throws IOException {
    if (places.index().unsent().isEmpty() && git.isEmpty()) {
      return;
    }
    send(
        archive -> {
          for (String path : new TreeSet<>(places.index().unsent())) {
            add(path, archive);
          }
          git.forEach(archive::git);
        });
  }

  @FunctionalInterface
  private interface Entries {
    void write(ProjectArchive archive) throws IOException;
  }

  private void send(Entries entries) throws IOException {
    List<String> refused = new ArrayList<>();
    Map<String, Boolean> executable = new HashMap<>();
    Optional<HandedFiles> large = handed.get();
    try {
      transfer.send(
          body -> {
            ProjectArchive archive = new ProjectArchive(body, large);
            entries.write(archive);
            archive.end();
            executable.putAll(archive.executable());
          },
          line -> arrived(line, executable, refused));
    } finally {
      large.ifPresent(HandedFiles::close);
    }
    places.index().unsent().clear();
    places.index().write();
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

  private void add(String path, ProjectArchive archive) throws IOException {
    // Only this program writes the mirror, below a folder that is nobody else's.
    Path file = places.mirror().root().resolve(path);
    Optional<PosixFileAttributes> found = places.mirror().look(path);
    if (found.isEmpty()) {
      archive.deleted(path);
    } else if (found.get().isSymbolicLink()) {
      archive.symlink(path, Files.readSymbolicLink(file));
    } else {
      archive.file(
          path, file, found.get().lastModifiedTime(), ProjectTree.isExecutable(found.get()));
    }
  }
}
