package dev.concert.platform.project;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.PosixException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Files below a folder and nothing outside of it: no symlink is followed, neither the last part of
 * a path nor one above. A file appears whole or not at all. On Linux. Blocking; thread-safe.
 *
 * @param durable whether a file that has its name survives a power failure
 */
record ProjectTree(Path root, boolean durable) {
  /** How names of files begin that are being written. */
  static final String TEMPORARY = ".concert-tmp-";

  private static final int PIECE = 128 * 1024;
  private static final int FOLDER_MODE = 0777;
  private static final Set<PosixFilePermission> RUN =
      EnumSet.of(
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_EXECUTE);

  @FunctionalInterface
  private interface Access<T> {
    T at(Path place) throws IOException;
  }

  /**
   * Does something at a path: at a name in a folder that is held open, so that nobody can put a
   * symlink in its way.
   *
   * @throws NoSuchFileException where a folder above is missing or is none
   */
  private <T> T in(String path, boolean makes, Access<T> work) throws IOException {
    OpenDirectory folder = OpenDirectory.open(root);
    try {
      String rest = path;
      for (int slash = rest.indexOf('/'); slash >= 0; slash = rest.indexOf('/')) {
        OpenDirectory next = child(folder, rest.substring(0, slash), makes, path);
        folder.close();
        folder = next;
        rest = rest.substring(slash + 1);
      }
      return work.at(Path.of("/proc/self/fd/" + folder.descriptor(), rest));
    } finally {
      folder.close();
    }
  }

  private static OpenDirectory child(OpenDirectory folder, String name, boolean makes, String path)
      throws IOException {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new NoSuchFileException(path);
    }
    if (makes) {
      folder.makeDirectory(name, FOLDER_MODE);
    }
    try {
      return folder.child(name);
    } catch (PosixException refused) {
      if (Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP).contains(refused.errno())) {
        throw new NoSuchFileException(path);
      }
      if (refused.errno() == Errno.EACCES) {
        throw new AccessDeniedException(path);
      }
      throw new IOException("A folder above %s cannot be opened".formatted(path), refused);
    }
  }

  /** Attributes of what is at a path. */
  Optional<PosixFileAttributes> look(String path) throws IOException {
    try {
      return Optional.of(
          in(
              path,
              false,
              place ->
                  Files.readAttributes(
                      place, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  PathContent content(String path) throws IOException {
    Optional<PosixFileAttributes> found = look(path);
    if (found.isEmpty()) {
      return PathContent.NOTHING;
    }
    try {
      if (found.get().isSymbolicLink()) {
        byte[] target = target(path).getBytes(StandardCharsets.UTF_8);
        return new PathContent(
            PathContent.Type.SYMLINK, false, HexFormat.of().formatHex(sha256().digest(target)));
      }
      if (!found.get().isRegularFile()) {
        return PathContent.OTHER;
      }
      return new PathContent(PathContent.Type.FILE, isExecutable(found.get()), hash(path));
    } catch (NoSuchFileException gone) {
      return PathContent.NOTHING;
    }
  }

  static boolean isExecutable(PosixFileAttributes file) {
    return file.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
  }

  private String hash(String path) throws IOException {
    MessageDigest digest = sha256();
    byte[] piece = new byte[PIECE];
    try (InputStream in = open(path)) {
      for (int length = in.read(piece); length > 0; length = in.read(piece)) {
        digest.update(piece, 0, length);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** The content of a regular file. */
  InputStream open(String path) throws IOException {
    return in(
        path,
        false,
        place ->
            Channels.newInputStream(
                FileChannel.open(
                    place, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))));
  }

  /** The whole content of a file; empty where it has more bytes than that. */
  Optional<byte[]> bytes(String path, int longest) throws IOException {
    try (InputStream in = open(path)) {
      byte[] bytes = in.readNBytes(longest + 1);
      return bytes.length > longest ? Optional.empty() : Optional.of(bytes);
    }
  }

  /** Where the symlink at a path leads. */
  String target(String path) throws IOException {
    return in(path, false, place -> Files.readSymbolicLink(place).toString());
  }

  /** Copies what another tree has, with its time; where that is nothing, deletes what is here. */
  void copy(ProjectTree from, String source, String path) throws IOException {
    Optional<PosixFileAttributes> found = from.look(source);
    if (found.isEmpty()) {
      delete(path);
    } else if (found.get().isSymbolicLink()) {
      link(path, from.target(source));
    } else {
      try (InputStream in = from.open(source)) {
        write(path, isExecutable(found.get()), in, Optional.of(found.get().lastModifiedTime()));
      }
    }
  }

  /** The same, but a file is one with two names: of a tree on the same disk, and never written. */
  void share(ProjectTree from, String source, String path) throws IOException {
    if (from.look(source).filter(PosixFileAttributes::isRegularFile).isEmpty()) {
      copy(from, source, path);
      return;
    }
    place(path, staged -> from.in(source, false, place -> Files.createLink(staged, place)));
  }

  void write(String path, boolean executable, InputStream content, Optional<FileTime> time)
      throws IOException {
    Optional<PosixFileAttributes> present = look(path).filter(PosixFileAttributes::isRegularFile);
    place(
        path,
        staged -> {
          try (OutputStream out = Files.newOutputStream(staged, StandardOpenOption.CREATE_NEW)) {
            content.transferTo(out);
          }
          if (durable) {
            sync(staged);
          }
          Set<PosixFilePermission> mode =
              present.isPresent()
                  ? present.get().permissions()
                  : Files.getPosixFilePermissions(staged);
          Files.setPosixFilePermissions(staged, permissions(mode, executable));
          if (time.isPresent()) {
            Files.setLastModifiedTime(staged, time.get());
          }
          return staged;
        });
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
      written.force(true);
    }
  }

  /** The same permissions, but for the right to run the file. */
  private static Set<PosixFilePermission> permissions(
      Set<PosixFilePermission> mode, boolean executable) {
    Set<PosixFilePermission> changed = EnumSet.copyOf(mode);
    if (!executable) {
      changed.removeAll(RUN);
    } else if (!mode.contains(PosixFilePermission.OWNER_EXECUTE)) {
      changed.add(PosixFilePermission.OWNER_EXECUTE);
      if (mode.contains(PosixFilePermission.GROUP_READ)) {
        changed.add(PosixFilePermission.GROUP_EXECUTE);
      }
      if (mode.contains(PosixFilePermission.OTHERS_READ)) {
        changed.add(PosixFilePermission.OTHERS_EXECUTE);
      }
    }
    return changed;
  }

  void link(String path, String target) throws IOException {
    place(path, staged -> Files.createSymbolicLink(staged, Path.of(target)));
  }

  private void place(String path, Access<Path> making) throws IOException {
    in(
        path,
        true,
        place -> {
          Path staged = place.resolveSibling(TEMPORARY + UUID.randomUUID());
          try {
            making.at(staged);
            return Files.move(staged, place, StandardCopyOption.ATOMIC_MOVE);
          } finally {
            Files.deleteIfExists(staged);
          }
        });
  }

  /** Deletes a file, and the folders above that became empty by it. */
  void delete(String path) throws IOException {
    try {
      in(path, false, Files::deleteIfExists);
    } catch (NoSuchFileException | DirectoryNotEmptyException nothing) {
      return;
    }
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      String above = path.substring(0, slash);
      try {
        in(above, false, ProjectTree::deleteFolder);
      } catch (IOException stays) {
        return;
      }
    }
  }

  private static Path deleteFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(folder.toString());
    }
    Files.delete(folder);
    return folder;
  }

  /** Paths of all files and symlinks in a folder that only this program writes. */
  Set<String> paths() throws IOException {
    Set<String> paths = new TreeSet<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!file.getFileName().toString().startsWith(TEMPORARY)) {
              paths.add(root.relativize(file).toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return paths;
  }

  /**
   * Whether two trees surely have the same at a path: one file by two names, or as large and of the
   * same time, where that is older than so many milliseconds since 1970.
   */
  static boolean isSurelySame(ProjectTree one, ProjectTree other, String path, long olderThan)
      throws IOException {
    Optional<PosixFileAttributes> first = one.look(path);
    Optional<PosixFileAttributes> second = other.look(path);
    if (first.isEmpty() || second.isEmpty()) {
      return first.isEmpty() && second.isEmpty();
    }
    PosixFileAttributes here = first.get();
    PosixFileAttributes there = second.get();
    if (!here.isRegularFile() || !there.isRegularFile()) {
      return false;
    }
    return here.fileKey().equals(there.fileKey())
        || here.size() == there.size()
            && isExecutable(here) == isExecutable(there)
            && here.lastModifiedTime().equals(there.lastModifiedTime())
            && here.lastModifiedTime().toMillis() < olderThan;
  }
}
