package dev.concert.ensemble.key;

import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts the changes of a store for all processes of a host: a number in a file that each of them
 * maps into its memory, so that reading it costs no more than reading a variable.
 *
 * <p>It only says that there is something new. A process that dies between its change and the count
 * is noticed by the next poll, and so is a process of another host. Thread-safe.
 */
final class ChangeCounter {
  private static final VarHandle NUMBER = ValueLayout.JAVA_LONG.varHandle();

  private final MemorySegment memory;

  private ChangeCounter(MemorySegment memory) {
    this.memory = memory;
  }

  /** Opens the file, and creates it if there is none. */
  static ChangeCounter open(Path file) {
    try {
      PrivateFiles.create(file);
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return new ChangeCounter(channel.map(MapMode.READ_WRITE, 0, Long.BYTES, Arena.ofAuto()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the counter of changes: " + file, e);
    }
  }

  long value() {
    return (long) NUMBER.getVolatile(memory, 0L);
  }

  /** Call it after the change is committed. */
  void increment() {
    NUMBER.getAndAdd(memory, 0L, 1L);
  }
}
