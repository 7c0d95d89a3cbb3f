package dev.concert.github.work;

import dev.concert.github.api.RepositoryName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Makes the {@code .git} of a workspace: the branch of the item at the commit that it began from,
 * and {@code origin} as it is seen in a sandbox. It has no history yet; {@code git fetch
 * --unshallow} gets it. Blocking.
 *
 * @param author of the agent's own commits, {@code Name <mail>}
 */
record WorkspaceClone(
    Path source, RepositoryName repository, String branch, String base, String author) {
  private static final String GIT = ".git";

  /** Where a sandbox finds the repository of its session; the coordinator answers there. */
  private static final String ORIGIN = "http://git.concert/%s.git";

  /** Adds the folder to a tar of the files of the commit. */
  void addTo(TarArchiveOutputStream tar, String commit) throws IOException {
    Path folder = Files.createTempDirectory(source, "clone");
    try {
      create(folder.resolve(GIT), commit);
      List<Path> made;
      try (Stream<Path> walk = Files.walk(folder)) {
        made = walk.filter(Files::isRegularFile).sorted().toList();
      }
      for (Path file : made) {
        TarArchiveEntry entry = new TarArchiveEntry(folder.relativize(file).toString(), true);
        entry.setSize(Files.size(file));
        entry.setMode(0644);
        entry.setModTime(Files.getLastModifiedTime(file));
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
      }
    } finally {
      new WorkFolder(folder).delete();
    }
  }

  private void create(Path made, String commit) throws IOException {
    Files.createDirectories(made);
    GitProcess git = new GitProcess(made, Map.of());
    git.text("init", "-q", "--template=");
    Files.writeString(made.resolve("shallow"), commit + "\n");
    Path packs = Files.createDirectories(made.resolve("objects").resolve("pack"));
    new GitProcess(source, Map.of())
        .run(
            in -> write(in, commit),
            out -> out.readAllBytes().length,
            "pack-objects",
            "-q",
            "--revs",
            packs.resolve("pack").toString());
    git.text("update-ref", "refs/heads/" + branch, commit);
    git.text("update-ref", "refs/remotes/origin/" + base, commit);
    git.text("symbolic-ref", "HEAD", "refs/heads/" + branch);
    git.text("read-tree", commit);
    set(git, "core.bare", "false");
    set(git, "remote.origin.url", ORIGIN.formatted(repository));
    set(git, "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*");
    set(git, "branch.%s.remote".formatted(branch), "origin");
    set(git, "branch.%s.merge".formatted(branch), "refs/heads/" + branch);
    int mail = author.lastIndexOf(" <");
    set(git, "user.name", author.substring(0, mail));
    set(git, "user.email", author.substring(mail + 2, author.length() - 1));
  }

  private static void write(OutputStream in, String commit) throws IOException {
    in.write((commit + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static void set(GitProcess git, String key, String value) {
    git.text("config", "--file", git.repository().resolve("config").toString(), key, value);
  }
}
