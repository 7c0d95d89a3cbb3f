package dev.concert.platform.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes the {@code .git} of a workspace from a repository: same HEAD, branches, tags and index, and
 * the same objects. No hooks, no remotes, no credentials; the configuration is a new one. Blocking.
 */
record WorkspaceGit(GitRepository source) {
  private static final int MANY_LOOSE = 200;
  private static final String GIT = ".git";
  private static final String OBJECTS = "objects";
  private static final String ALTERNATES = "alternates";
  private static final Pattern LOOSE = Pattern.compile("[0-9a-f]{2}/[0-9a-f]{38,62}");
  private static final Pattern PACKED = Pattern.compile("pack/pack-[0-9a-f]+\\.(pack|idx|rev)");

  /** Says whether HEAD, a branch or the index is another one than before. */
  String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(source.branch().orElse("").getBytes(StandardCharsets.UTF_8));
      digest.update(source.commit().orElse("").getBytes(StandardCharsets.UTF_8));
      source.references().forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
      source.index().forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /**
   * Makes the repository, which borrows the objects of the user's.
   *
   * @param folder new and empty; gets {@code .git}
   */
  void create(Path folder) throws IOException {
    GitCommand git = new GitCommand(folder, true);
    git.run("init", "-q", "--template=", "--object-format=" + source.objectFormat());
    Path made = folder.resolve(GIT);
    Files.writeString(
        Files.createDirectories(made.resolve(OBJECTS).resolve("info")).resolve(ALTERNATES),
        objects() + "\n");
    copyWhereThere(source.commonFolder().resolve("shallow"), made.resolve("shallow"));
    copyWhereThere(
        source.commonFolder().resolve("info").resolve("exclude"),
        Files.createDirectories(made.resolve("info")).resolve("exclude"));
    git.run("config", "user.name", "Concert");
    git.run("config", "user.email", "concert@localhost");
    writeReferences(git);
    writeIndex(git);
  }

  private Path objects() {
    return source.commonFolder().resolve(OBJECTS);
  }

  /**
   * What the workspace needs of a repository that was made in a folder: paths in the workspace, and
   * the files to be sent there.
   *
   * @param has names of files of objects that the workspace has already; gets those that it needs
   */
  Map<String, Path> files(Path folder, Set<String> has) throws IOException {
    Map<String, Path> loose = new TreeMap<>();
    Map<String, Path> files = new TreeMap<>();
    collectObjects(objects(), has, loose, files);
    has.addAll(loose.keySet());
    if (loose.size() > MANY_LOOSE) {
      pack(new GitCommand(folder, true), loose.keySet());
    } else {
      files.putAll(loose);
    }
    has.addAll(files.keySet());
    Path alternates = folder.resolve(GIT).resolve(OBJECTS).resolve("info").resolve(ALTERNATES);
    try (Stream<Path> made = Files.walk(folder.resolve(GIT))) {
      made.filter(file -> !file.equals(alternates))
          .forEach(file -> files.put(folder.relativize(file).toString(), file));
    }
    return files;
  }

  /** One file instead of many. */
  private static void pack(GitCommand git, Set<String> loose) {
    StringBuilder names = new StringBuilder();
    for (String path : loose) {
      String[] parts = path.split("/");
      names.append(parts[parts.length - 2]).append(parts[parts.length - 1]).append('\n');
    }
    git.run(
        names.toString().getBytes(StandardCharsets.UTF_8),
        "pack-objects",
        "-q",
        "--window=0",
        ".git/objects/pack/pack");
  }

  /** Also what the repository borrows from others. */
  private static void collectObjects(
      Path from, Set<String> has, Map<String, Path> loose, Map<String, Path> packs)
      throws IOException {
    try (Stream<Path> all = Files.walk(from, 2)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        String path = from.relativize(file).toString();
        String name = GIT + "/" + OBJECTS + "/" + path;
        if (has.contains(name) || Files.isDirectory(file)) {
          continue;
        }
        if (LOOSE.matcher(path).matches()) {
          loose.put(name, file);
        } else if (PACKED.matcher(path).matches()) {
          packs.put(name, file);
        }
      }
    }
    Path borrowed = from.resolve("info").resolve(ALTERNATES);
    if (Files.isRegularFile(borrowed)) {
      for (String line : Files.readAllLines(borrowed)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          collectObjects(from.resolve(line).normalize(), has, loose, packs);
        }
      }
    }
  }

  private void writeReferences(GitCommand git) {
    StringBuilder input = new StringBuilder();
    for (String line : source.references()) {
      int space = line.indexOf(' ');
      input
          .append("update ")
          .append(line, space + 1, line.length())
          .append(' ')
          .append(line, 0, space)
          .append('\n');
    }
    git.run(input.toString().getBytes(StandardCharsets.UTF_8), "update-ref", "--stdin");
    Optional<String> branch = source.branch();
    if (branch.isPresent()) {
      git.run("symbolic-ref", "HEAD", branch.get());
    } else {
      git.run("update-ref", "--no-deref", "HEAD", source.commit().orElseThrow());
    }
  }

  private void writeIndex(GitCommand git) {
    List<String> entries = source.index();
    String input = entries.isEmpty() ? "" : String.join("\0", entries) + "\0";
    git.run(input.getBytes(StandardCharsets.UTF_8), "update-index", "-z", "--index-info");
  }

  private static void copyWhereThere(Path from, Path to) throws IOException {
    if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
      Files.copy(from, to);
    }
  }

  static void deleteAll(Path folder) {
    try {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.walkFileTree(folder, new Deletion());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("A folder cannot be deleted", e);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
