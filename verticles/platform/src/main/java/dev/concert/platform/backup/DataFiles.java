package dev.concert.platform.backup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of a data folder has to be in its backup.
 *
 * @param databases SQLite files, relative to the folder
 * @param files other files, relative to the folder, with what changes when they do
 */
record DataFiles(SortedSet<Path> databases, Map<Path, Version> files) {
  /** Tells two states of a file apart. */
  record Version(long size, long modified) {}

  /** Contents have a tier of their own; mounts and trees belong to agents. */
  private static final Set<String> CONTENT_FOLDERS = Set.of("cas", "tree", "mount", "orphans");

  /** Where the queue of the tier lies: it knows which contents are in the bucket. */
  private static final Path TIER = Path.of("cas", "tier");

  private static final Path SECRETS = Path.of("secrets.db");
  private static final String MASTER_KEY = "master.key";
  private static final Path OWN = Path.of(Backup.FOLDER);

  /** Blocking. What comes and goes meanwhile may be missing. */
  static DataFiles in(Path data) throws IOException {
    DataFiles found = new DataFiles(new TreeSet<>(), new TreeMap<>());
    Files.walkFileTree(data, found.visitor(data));
    Path tier = data.resolve(TIER);
    if (Files.isDirectory(tier)) {
      Files.walkFileTree(tier, found.visitor(data));
    }
    // Nobody could read them without the key beside them, which must not go into the backup.
    found
        .databases()
        .removeIf(
            file ->
                file.endsWith(SECRETS)
                    && Files.exists(data.resolve(file).resolveSibling(MASTER_KEY)));
    return found;
  }

  private FileVisitor<Path> visitor(Path data) {
    return new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes look) {
        Path inside = data.relativize(folder);
        return CONTENT_FOLDERS.contains(folder.getFileName().toString()) || inside.equals(OWN)
            ? FileVisitResult.SKIP_SUBTREE
            : FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes look) {
        if (look.isRegularFile()) {
          add(data.relativize(file), look);
        }
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException gone) {
        return FileVisitResult.CONTINUE;
      }
    };
  }

  private void add(Path file, BasicFileAttributes look) {
    String name = file.getFileName().toString();
    if (name.endsWith(".db")) {
      databases.add(file);
    } else if (isMirrored(file, name)) {
      files.put(file, new Version(look.size(), look.lastModifiedTime().toMillis()));
    }
  }

  private static boolean isMirrored(Path file, String name) {
    boolean isChangeLog = name.startsWith("changes-") && name.endsWith(".log");
    boolean isAgentState =
        file.startsWith("instances")
            && file.getNameCount() == 4
            && file.getName(2).toString().equals("db");
    return isChangeLog || isAgentState || name.endsWith(".intents");
  }
}
