package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Each of up to 256 threads of a host has buffers for the largest request, of which most never see
 * more than a page: half a gigabyte if it all took room.
 */
class PageMemoryTest {
  private static final long PAGE = 4096;
  private static final long SIZE = 512L << 20;

  @Test
  void memoryTakesNoRoomUntilItIsUsedAndIsFreedWithItsArena() throws IOException {
    long before = kibibytes("VmRSS");
    long sizeBefore = kibibytes("VmSize");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = PageMemory.allocate(arena, SIZE);
      assertThat(memory.byteSize()).isEqualTo(SIZE);

      memory.set(JAVA_BYTE, SIZE - PAGE, (byte) 7);

      assertThat(memory.get(JAVA_BYTE, SIZE - PAGE)).isEqualTo((byte) 7);
      assertThat(memory.get(JAVA_BYTE, 0)).isZero();
      assertThat(kibibytes("VmRSS") - before).isLessThan(SIZE / 1024 / 4);
      assertThat(kibibytes("VmSize") - sizeBefore).isGreaterThanOrEqualTo(SIZE / 1024);
    }
    assertThat(kibibytes("VmSize") - sizeBefore).isLessThan(SIZE / 1024);
  }

  private static long kibibytes(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
