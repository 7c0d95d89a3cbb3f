package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.Caller;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The request that a thread serves: {@code struct fuse_in_header} and what follows it, where the
 * kernel put it. One for each thread, which reads one request after the other into it.
 */
final class Request implements Caller {
  static final int HEADER = 40;

  private static final long LENGTH = 0;
  private static final long OPCODE = 4;
  private static final long UNIQUE = 8;
  private static final long NODE = 16;
  private static final long USER = 24;
  private static final long GROUP = 28;

  private final MemorySegment memory;

  /**
   * @param memory large enough for the largest request
   */
  Request(MemorySegment memory) {
    this.memory = memory;
  }

  /** Where a request is read to. */
  MemorySegment memory() {
    return memory;
  }

  int opcode() {
    return memory.get(JAVA_INT, OPCODE);
  }

  /** Tells the requests that are under way apart. */
  long unique() {
    return memory.get(JAVA_LONG, UNIQUE);
  }

  /** The file it is about. */
  long node() {
    return memory.get(JAVA_LONG, NODE);
  }

  @Override
  public int user() {
    return memory.get(JAVA_INT, USER);
  }

  @Override
  public int group() {
    return memory.get(JAVA_INT, GROUP);
  }

  /** A number of what follows the header. */
  int int32(int offset) {
    return memory.get(JAVA_INT, HEADER + offset);
  }

  long int64(int offset) {
    return memory.get(JAVA_LONG, HEADER + offset);
  }

  /** The bytes from an offset after the header to the end. */
  MemorySegment from(int offset) {
    int end = memory.get(JAVA_INT, LENGTH);
    return memory.asSlice(HEADER + offset, end - HEADER - offset);
  }

  /**
   * A C string at an offset after the header.
   *
   * @throws PosixException with {@link Errno#EILSEQ} where it is not UTF-8
   */
  String text(int offset) {
    byte[] bytes = new byte[length(offset)];
    MemorySegment.copy(memory, JAVA_BYTE, HEADER + offset, bytes, 0, bytes.length);
    for (byte each : bytes) {
      if (each < 0) {
        return strictly(bytes);
      }
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String strictly(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new PosixException(Errno.EILSEQ, "name that is not UTF-8");
    }
  }

  /** The offset after the C string at this one. */
  int after(int offset) {
    return offset + length(offset) + 1;
  }

  private int length(int offset) {
    int end = HEADER + offset;
    while (memory.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    return end - HEADER - offset;
  }
}
