package dev.concert.chronicle.recording.changelog;

import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One file of the log, to be written at its end. Not a channel: that would be closed when a thread
 * that writes is interrupted. Guarded by the log's lock.
 */
final class Segment implements AutoCloseable {
  private final Path path;
  private final RandomAccessFile file;
  private final ReservedSpace reserve;
  private long size;
  private long last;
  private boolean synced = true;

  private Segment(Path path, RandomAccessFile file, long size, long last) {
    this.path = path;
    this.reserve = ReservedSpace.of(path);
    this.file = file;
    this.size = size;
    this.last = last;
  }

  /**
   * Opens or makes the file; what it has after {@code size} is cut off.
   *
   * @param last number of the last record in it
   */
  static Segment open(Path path, long size, long last) throws IOException {
    PrivateFiles.create(path);
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      file.setLength(size);
      return new Segment(path, file, size, last);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * @param small whether it may be written with the last room on the disk
   */
  void append(byte[] frame, int length, long number, boolean small) throws IOException {
    reserve.grow(size + length, small);
    try {
      file.seek(size);
      file.write(frame, 0, length);
    } catch (IOException e) {
      cutOff(e);
      throw e;
    }
    size += length;
    last = number;
    synced = false;
  }

  /** A record that was written in part is no record, and the next one is written over it. */
  private void cutOff(IOException reason) {
    try {
      file.setLength(size);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  void sync() throws IOException {
    if (!synced) {
      file.getFD().sync();
      synced = true;
    }
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  /** Number of the last record in it. */
  long last() {
    return last;
  }

  void delete() throws IOException {
    close();
    Files.deleteIfExists(path);
  }

  @Override
  public void close() throws IOException {
    reserve.close();
    file.close();
  }
}
