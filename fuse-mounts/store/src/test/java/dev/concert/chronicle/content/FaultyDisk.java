package dev.concert.chronicle.content;

import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.chronicle.content.blob.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * A disk of which one step fails, or is the last one before the power fails. What was not forced is
 * gone then: contents of files, names in folders.
 */
final class FaultyDisk implements Disk {
  enum Fault {
    /** The step fails after half of it was done. */
    FAILS_HALF_WAY,
    FAILS,
    /** The step is done, but that is not known. */
    FAILS_AFTERWARDS,
  }

  private final int at;
  private final Fault fault;
  private final Set<Path> weak = new HashSet<>();
  private final Set<Path> unnamed = new HashSet<>();
  private int steps;

  /**
   * @param at the number of the step that fails, from 0
   */
  FaultyDisk(int at, Fault fault) {
    this.at = at;
    this.fault = fault;
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /** How many steps there were. */
  synchronized int steps() {
    return steps;
  }

  private synchronized void step(Step half, Step whole) throws IOException {
    boolean fails = steps++ == at;
    if (fails && fault == Fault.FAILS) {
      throw new IOException("the disk failed");
    }
    if (fails && fault == Fault.FAILS_HALF_WAY) {
      half.run();
      throw new IOException("the disk failed half way");
    }
    whole.run();
    if (fails) {
      throw new IOException("the disk failed afterwards");
    }
  }

  @Override
  public void write(Path file, BlobFolder.Writing writing) throws IOException {
    step(
        () -> {
          Disk.super.write(file, writing);
          byte[] bytes = Files.readAllBytes(file);
          Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        },
        () -> Disk.super.write(file, writing));
    weak.add(file);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    step(() -> {}, () -> Disk.super.move(from, to));
    if (weak.remove(from)) {
      weak.add(to);
    } else {
      weak.remove(to);
    }
    unnamed.add(to);
  }

  @Override
  public void force(Path file) throws IOException {
    step(() -> {}, () -> Disk.super.force(file));
    weak.remove(file);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    step(() -> {}, () -> Disk.super.forceFolder(folder));
    unnamed.removeIf(file -> file.getParent().equals(folder));
  }

  /** What was not forced is gone: a name, or a content that a name has. */
  synchronized void losePower() throws IOException {
    for (Path file : unnamed) {
      Files.deleteIfExists(file);
    }
    for (Path file : weak) {
      if (Files.exists(file)) {
        Files.write(file, new byte[(int) Files.size(file)]);
      }
    }
  }
}
