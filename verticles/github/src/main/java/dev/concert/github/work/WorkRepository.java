package dev.concert.github.work;

import dev.concert.github.broker.GitBroker.OpenGrant;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The bare repository of one item, which no agent can reach. Blocking.
 *
 * @param folder of the repository
 */
record WorkRepository(Path folder) {
  /** Name of the last entry of a tar, without which Chronicle takes it for cut. */
  private static final String END = "CONCERT.end";

  private static final String NEXT = "refs/concert/next";
  private static final int EXECUTABLE = 0755;
  private static final int PLAIN = 0644;

  /**
   * A file of a commit.
   *
   * @param mode as git has it, such as {@code 100644}
   */
  record TreeFile(String mode, String object, long size) {
    private static final String LINK = "120000";
    private static final String RUNS = "100755";

    boolean isLink() {
      return mode.equals(LINK);
    }

    boolean mayRun() {
      return mode.equals(RUNS);
    }

    /** Whether it has content here; a submodule has none. */
    boolean isBlob() {
      return isLink() || mayRun() || mode.equals("100644");
    }
  }

  private GitProcess git() {
    return new GitProcess(folder, Map.of());
  }

  /** Git as it may use the network: the key is in no command line. */
  private GitProcess git(OpenGrant grant) {
    return new GitProcess(
        folder,
        Map.of(
            "GIT_CONFIG_COUNT", "1",
            "GIT_CONFIG_KEY_0", "http.extraHeader",
            "GIT_CONFIG_VALUE_0", "Authorization: Bearer " + grant.key()));
  }

  /** Gets a commit, without its history. */
  void fetch(OpenGrant grant, String commit) throws IOException {
    Files.createDirectories(folder);
    git().text("init", "-q", "--bare", "--template=");
    git(grant).text("fetch", "-q", "--no-tags", "--depth=1", grant.url(), commit);
  }

  /** Whether a commit is here. */
  boolean has(String commit) {
    try {
      return Files.isDirectory(folder) && git().text("cat-file", "-t", commit).equals("commit");
    } catch (GitException absent) {
      return false;
    }
  }

  /** The files of a commit by their paths. */
  SortedMap<String, TreeFile> tree(String commit) {
    SortedMap<String, TreeFile> files = new TreeMap<>();
    byte[] listed =
        git().run(_ -> {}, InputStream::readAllBytes, "ls-tree", "-r", "-z", "-l", commit);
    for (String line : new String(listed, StandardCharsets.UTF_8).split("\0")) {
      int tab = line.indexOf('\t');
      if (tab > 0) {
        String[] parts = line.substring(0, tab).trim().split(" +");
        long size = parts[3].equals("-") ? 0 : Long.parseLong(parts[3]);
        files.put(line.substring(tab + 1), new TreeFile(parts[0], parts[2], size));
      }
    }
    return files;
  }

  /**
   * Writes the files of a commit, each with the same time, so that a changed one shows.
   *
   * @param clone what makes a repository of them
   */
  void writeTar(String commit, long seconds, WorkspaceClone clone, OutputStream into)
      throws IOException {
    List<Map.Entry<String, TreeFile>> files =
        tree(commit).entrySet().stream().filter(one -> one.getValue().isBlob()).toList();
    TarArchiveOutputStream tar = new TarArchiveOutputStream(into, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    git()
        .run(
            in -> {
              for (Map.Entry<String, TreeFile> file : files) {
                in.write((file.getValue().object() + "\n").getBytes(StandardCharsets.US_ASCII));
              }
            },
            out -> {
              DataInputStream contents = new DataInputStream(out);
              for (Map.Entry<String, TreeFile> file : files) {
                add(file.getKey(), file.getValue(), seconds, contents, tar);
              }
              return true;
            },
            "cat-file",
            "--batch",
            "--buffer");
    clone.addTo(tar, commit);
    tar.putArchiveEntry(new TarArchiveEntry(END, true));
    tar.closeArchiveEntry();
    tar.finish();
    tar.flush();
  }

  /** Git says a line about each object, its content, and a line break. */
  private static void add(
      String path, TreeFile file, long seconds, DataInputStream in, TarArchiveOutputStream tar)
      throws IOException {
    while (in.readByte() != '\n') {
      // The line says what is known already.
    }
    if (file.isLink()) {
      TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK, true);
      entry.setLinkName(new String(in.readNBytes((int) file.size()), StandardCharsets.UTF_8));
      tar.putArchiveEntry(entry);
    } else {
      TarArchiveEntry entry = new TarArchiveEntry(path, true);
      entry.setSize(file.size());
      entry.setMode(file.mayRun() ? EXECUTABLE : PLAIN);
      entry.setModTime(FileTime.from(seconds, TimeUnit.SECONDS));
      tar.putArchiveEntry(entry);
      long left = file.size();
      byte[] piece = new byte[64 * 1024];
      while (left > 0) {
        int read = in.read(piece, 0, (int) Math.min(piece.length, left));
        if (read < 0) {
          throw new IOException("git ended in the middle of " + path);
        }
        tar.write(piece, 0, read);
        left -= read;
      }
    }
    in.readByte();
    tar.closeArchiveEntry();
  }

  /** What a file is the pointer of; empty where it is none. */
  Optional<LargeFilePointer> pointer(TreeFile file) {
    return file.isLink() || file.size() > LargeFilePointer.LONGEST
        ? Optional.empty()
        : LargeFilePointer.of(
            new String(
                git().run(_ -> {}, InputStream::readAllBytes, "cat-file", "blob", file.object()),
                StandardCharsets.UTF_8));
  }

  /**
   * Which of these paths the repository's own rules ignore.
   *
   * @param rules a folder with the {@code .gitignore} files and nothing else
   */
  Set<String> ignored(Path rules, Collection<String> paths) {
    if (paths.isEmpty()) {
      return Set.of();
    }
    byte[] input = (String.join("\0", paths) + "\0").getBytes(StandardCharsets.UTF_8);
    try {
      byte[] out =
          git()
              .run(
                  in -> in.write(input),
                  InputStream::readAllBytes,
                  "--work-tree=" + rules,
                  "-C",
                  rules.toString(),
                  "check-ignore",
                  "-z",
                  "--stdin",
                  "--no-index");
      return new TreeSet<>(List.of(new String(out, StandardCharsets.UTF_8).split("\0")));
    } catch (GitException e) {
      if (e.code() == 1) {
        // It says so where it ignores none.
        return Set.of();
      }
      throw e;
    }
  }

  /** Writes what a commit changes. */
  @FunctionalInterface
  interface Changes {
    void write(FastImport into) throws IOException;
  }

  /**
   * Makes a commit on another one. The same changes at the same time are the same commit.
   *
   * @param author {@code Name <mail>}
   * @return the parent where nothing changes
   */
  String commit(String parent, String author, long seconds, String message, Changes changes) {
    git()
        .run(
            in -> {
              FastImport stream = new FastImport(in);
              stream.begin(NEXT, parent, author, seconds, message);
              changes.write(stream);
              stream.end();
            },
            InputStream::readAllBytes,
            "fast-import",
            "--quiet",
            "--force",
            "--done");
    String made = git().text("rev-parse", NEXT);
    String before = git().text("rev-parse", parent + "^{tree}");
    return git().text("rev-parse", made + "^{tree}").equals(before) ? parent : made;
  }

  /**
   * Puts a commit on a branch; what is there already is not pushed again.
   *
   * @param before where we left the branch; empty where it is to be new. Anywhere else it stays
   */
  void push(OpenGrant grant, String commit, String branch, Optional<String> before) {
    String reference = "refs/heads/" + branch;
    git(grant)
        .text(
            "push",
            "-q",
            "--force-with-lease=%s:%s".formatted(reference, before.orElse("")),
            grant.url(),
            commit + ":" + reference);
  }

  /**
   * Takes the commits of a bundle.
   *
   * @param bases the commits that it builds on
   * @return the commit that it leads to
   */
  String unbundle(OpenGrant grant, Path bundle, List<String> bases) throws IOException {
    for (String base : bases) {
      fetch(grant, base);
      git().text("update-ref", "refs/concert/base/" + base, base);
    }
    // Each line has a commit and its reference; there is one.
    return git().text("bundle", "unbundle", bundle.toString()).split("\\s", 2)[0];
  }

  /** What changed between two commits, for people. */
  String summary(String from, String to) {
    return git().text("diff", "--stat", "--no-color", from, to);
  }

  /** A stream in the format of {@code git fast-import}. */
  record FastImport(OutputStream out) {
    private void begin(String reference, String parent, String author, long seconds, String message)
        throws IOException {
      byte[] text = message.getBytes(StandardCharsets.UTF_8);
      line("commit " + reference);
      line("committer %s %d +0000".formatted(author, seconds));
      line("data " + text.length);
      out.write(text);
      line("");
      line("from " + parent);
    }

    /** A file with its new content. */
    void file(String path, String mode, long size, InputStream content) throws IOException {
      line("M %s inline %s".formatted(mode, quoted(path)));
      line("data " + size);
      long sent = 0;
      byte[] piece = new byte[64 * 1024];
      while (sent < size) {
        int read = content.read(piece, 0, (int) Math.min(piece.length, size - sent));
        if (read < 0) {
          throw new IOException("The workspace's files are cut at " + path);
        }
        out.write(piece, 0, read);
        sent += read;
      }
      line("");
    }

    void link(String path, String target) throws IOException {
      byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
      file(path, TreeFile.LINK, bytes.length, new ByteArrayInputStream(bytes));
    }

    void delete(String path) throws IOException {
      line("D " + quoted(path));
    }

    private void end() throws IOException {
      line("done");
      out.flush();
    }

    private void line(String text) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      line.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      line.write('\n');
      line.writeTo(out);
    }

    private static String quoted(String path) {
      return '"' + path.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
  }
}
