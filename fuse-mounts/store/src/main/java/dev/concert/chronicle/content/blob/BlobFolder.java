package dev.concert.chronicle.content.blob;

import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Blobs by name in a folder. Thread-safe, also between processes; every method may block on the
 * disk. Names are 64 lower-case hex digits.
 */
public final class BlobFolder {
  /** Writes a blob into a file that does not exist yet. */
  @FunctionalInterface
  public interface Writing {
    void into(Path staged) throws IOException;
  }

  /** Everybody has synced what they kept after so long. */
  private static final Duration UNSYNCED = Duration.ofMinutes(1);

  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

  private final Path folder;
  private final Path staging;
  private final Path trash;
  private final Path damaged;
  private final Disk disk;
  private final DiskSync sync;

  private BlobFolder(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
    this.staging = folder.resolve("tmp");
    this.trash = folder.resolve("trash");
    this.damaged = folder.resolve("damaged");
    this.sync = new DiskSync(folder, staging, disk);
  }

  /** Opens the folder, making it where it is missing, and clears what a crash left. */
  public static BlobFolder open(Path folder) throws IOException {
    return open(folder, Disk.REAL);
  }

  /** The same on a disk that may be another than it seems. */
  public static BlobFolder open(Path folder, Disk disk) throws IOException {
    BlobFolder blobs = new BlobFolder(folder, disk);
    PrivateFiles.createDirectories(blobs.staging);
    StagedFile.clear(blobs.staging);
    return blobs;
  }

  public Path root() {
    return folder;
  }

  /**
   * Says that the blob is needed: no collector removes it within its grace period from now.
   *
   * @return whether the blob is there; an empty file, which a power failure may leave, is not
   */
  public boolean touch(String name) throws IOException {
    Path place = place(name);
    try {
      BasicFileAttributes is = Files.readAttributes(place, BasicFileAttributes.class);
      if (is.size() == 0) {
        return false;
      }
      Instant now = Instant.now();
      if (is.lastModifiedTime().toInstant().isAfter(now.minus(UNSYNCED))) {
        // Somebody else may have kept it who has not synced it, or who failed to.
        sync.later(place);
      }
      Files.setLastModifiedTime(place, FileTime.from(now));
      // The JDK opens the file to set its time: a collector may have looked at it and taken it
      // between the two.
      return Files.exists(place);
    } catch (NoSuchFileException missing) {
      return false;
    }
  }

  /** Puts the blob into its place, whole or not at all; one that is there is replaced. */
  public void keep(String name, Writing writing) throws IOException {
    Path staged = StagedFile.in(staging);
    try {
      disk.write(staged, writing);
      move(staged, place(name));
    } finally {
      Files.deleteIfExists(staged);
    }
    sync.later(place(name));
  }

  private void move(Path from, Path to) throws IOException {
    try {
      disk.move(from, to);
    } catch (NoSuchFileException missing) {
      PrivateFiles.createDirectories(to.getParent());
      disk.move(from, to);
    }
  }

  /** Opens the blob; empty where it is not there. */
  public Optional<InputStream> read(String name) throws IOException {
    // A collector that takes a blob away and finds it needed puts it back: look there as well.
    for (Path place : new Path[] {place(name), trash.resolve(name), place(name)}) {
      try {
        return Optional.of(Files.newInputStream(place));
      } catch (NoSuchFileException missing) {
        continue;
      }
    }
    return Optional.empty();
  }

  /** Puts a blob whose content is not its own out of the way, so that it can be stored again. */
  public void setAside(String name) throws IOException {
    PrivateFiles.createDirectories(damaged);
    try {
      Files.move(place(name), damaged.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException gone) {
      // Another reader noticed it, too.
    }
  }

  /** Whether the blob was found damaged, and has not been stored again. */
  public boolean isSetAside(String name) {
    return Files.exists(damaged.resolve(name)) && !Files.exists(place(name));
  }

  /** Names of the blobs that were found damaged and have not been stored again. */
  public List<String> setAside() throws IOException {
    if (!Files.isDirectory(damaged)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(damaged)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(this::isSetAside)
          .sorted()
          .toList();
    }
  }

  /** Forgets the damaged copy of a blob that is in its place again. */
  public void restored(String name) throws IOException {
    Files.deleteIfExists(damaged.resolve(name));
  }

  /** Everything that was kept before survives the death of the machine when this returns. */
  public void sync() throws IOException {
    sync.now();
  }

  /**
   * What is known of a blob without reading it.
   *
   * @param size bytes of its file
   * @param needed when it was needed last
   */
  public record Entry(String name, long size, Instant needed) {}

  /** Takes blobs one by one. */
  @FunctionalInterface
  public interface Taker {
    void accept(Entry entry) throws IOException;
  }

  /**
   * Tells all blobs, in the order of their names; those that come or go meanwhile may be missing.
   */
  public void each(Taker taker) throws IOException {
    each("", taker, shard -> {});
  }

  /**
   * The same from somewhere on.
   *
   * @param after two digits: names that begin with them, or come before, are left out
   * @param done receives the two digits when all names that begin with them are done
   */
  public void each(String after, Taker taker, Consumer<String> done) throws IOException {
    for (int shard = 0; shard < 256; shard++) {
      String digits = HexFormat.of().toHexDigits((byte) shard);
      if (digits.compareTo(after) > 0) {
        eachIn(folder.resolve(digits), taker);
        done.accept(digits);
      }
    }
  }

  private static void eachIn(Path shard, Taker taker) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(shard)) {
      files = listed.sorted().toList();
    } catch (NoSuchFileException empty) {
      return;
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      if (NAME.matcher(name).matches()) {
        try {
          BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
          taker.accept(new Entry(name, is.size(), is.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException gone) {
          // Somebody removed it between the listing and now.
        }
      }
    }
  }

  /** Whether the blob is there; an empty file, which a power failure may leave, is not. */
  public boolean has(String name) {
    return place(name).toFile().length() > 0;
  }

  /** The file of a blob that is there. */
  public Optional<Path> find(String name) {
    return Optional.of(place(name)).filter(Files::exists);
  }

  /** The first bytes of a blob's file; none where it is not there. */
  public byte[] head(String name, int length) throws IOException {
    try (InputStream file = Files.newInputStream(place(name))) {
      return file.readNBytes(length);
    } catch (NoSuchFileException missing) {
      return new byte[0];
    }
  }

  /**
   * Removes a blob that nothing reaches, unless it was needed after the cut: also when that happens
   * while this runs.
   *
   * @return whether it is gone
   */
  public boolean collect(String name, Instant cut) throws IOException {
    PrivateFiles.createDirectories(trash);
    Path taken = trash.resolve(name);
    try {
      Files.move(place(name), taken, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException gone) {
      return false;
    }
    if (Files.getLastModifiedTime(taken).toInstant().isBefore(cut)) {
      Files.deleteIfExists(taken);
      return true;
    }
    giveBack(taken);
    return false;
  }

  /**
   * A writer that stored it meanwhile was answered that it exists, so its time has to be as new.
   */
  private void giveBack(Path taken) throws IOException {
    Path place = place(taken.getFileName().toString());
    Files.setLastModifiedTime(taken, FileTime.from(Instant.now()));
    Files.move(taken, place, StandardCopyOption.ATOMIC_MOVE);
    Files.setLastModifiedTime(place, FileTime.from(Instant.now()));
  }

  /** Puts back what a collector that was killed had taken away. */
  public void takeBackTrash() throws IOException {
    if (!Files.isDirectory(trash)) {
      return;
    }
    try (DirectoryStream<Path> taken = Files.newDirectoryStream(trash)) {
      for (Path file : taken) {
        giveBack(file);
      }
    }
  }

  /** Removes a blob that can be had from elsewhere. */
  public void delete(String name) throws IOException {
    Files.deleteIfExists(place(name));
  }

  private Path place(String name) {
    return folder.resolve(name.substring(0, 2)).resolve(name);
  }
}
